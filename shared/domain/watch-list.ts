import type { RegistryHost, Repository, Tag } from "./image-reference.ts";

/** Which registries, repositories and tags are looked after. What is not on the list is never contacted. */
export type WatchList = (registry: RegistryHost, repository: Repository, tag?: Tag) => Watched;

/** `filtered`: the registry is watched, this repository or tag is left out on purpose. */
export type Watched = "watched" | "filtered" | "unknownRegistry";
