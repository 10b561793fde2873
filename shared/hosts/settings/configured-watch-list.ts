import picomatch from "picomatch";
import type { WatchList } from "../../domain/watch-list.ts";
import type { Settings } from "./settings.ts";

/** The watch list that the settings describe. */
export function configuredWatchList(registries: Settings["registries"]): WatchList {
  const byHost = new Map(
    registries.map(({ host, repositories, tags }) => [host, { repository: matcher(repositories), tag: matcher(tags) }]),
  );
  return (registry, repository, tag) => {
    const matches = byHost.get(registry);
    if (matches === undefined) return "unknownRegistry";
    return matches.repository(repository) && (tag === undefined || matches.tag(tag)) ? "watched" : "filtered";
  };
}

function matcher({ include, exclude }: { readonly include: string[]; readonly exclude: string[] }) {
  const included = picomatch(include, { dot: true });
  const excluded = exclude.length === 0 ? () => false : picomatch(exclude, { dot: true });
  return (text: string) => included(text) && !excluded(text);
}
