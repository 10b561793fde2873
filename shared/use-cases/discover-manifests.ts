import { awaitedRequest } from "../domain/arrival.ts";
import type { Digest } from "../domain/digest.ts";
import { imageId, maximumTags, type ImageRecord } from "../domain/image-record.ts";
import type { Repository, Tag } from "../domain/image-reference.ts";
import {
  addDiscovered,
  addListed,
  addUnreadable,
  startOfVerifying,
  type DiscoverPlace,
  type FoundManifest,
  type RegistryWalk,
} from "../domain/registry-walk.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { CatalogPage, ListedManifest, RegistryCatalog } from "../ports/registry-catalog.ts";
import { reached } from "../ports/step.ts";
import { acceptArrival, type AcceptArrivalPorts } from "./accept-arrival.ts";
import { inGroups } from "./in-groups.ts";
import { listRepositories } from "./list-repositories.ts";
import { isRefusal, orRefusal, type Refusal } from "./refusal.ts";

export interface DiscoverManifestsPorts extends AcceptArrivalPorts {
  readonly catalog: RegistryCatalog;
  readonly registry: Pick<ImageRegistry, "resolveTag">;
  readonly watchList: WatchList;
  /** Before each request to the registry. */
  readonly turn: (signal?: AbortSignal) => Promise<void>;
}

/**
 * One step of comparing what the registry lists with the records: tells the records what the step before found, and reads
 * the next page of a repository, or of repositories. What is found is counted one step before it is told, so that a
 * repeated step counts nothing twice and misses nothing.
 */
export const discoverManifests = (ports: DiscoverManifestsPorts) => {
  const tell = tellFound(ports);
  return async (walk: RegistryWalk, before: DiscoverPlace, signal?: AbortSignal): Promise<RegistryWalk> => {
    await inGroups(before.found, (found) => tell(walk, found));
    const place = { ...before, found: [] };
    const [repository] = place.repositories;
    if (repository !== undefined) return readRepository(ports, walk, place, repository, signal);
    return place.isListed ? { ...walk, place: startOfVerifying } : listRepositories(ports, walk, place, signal);
  };
};

/**
 * A push is announced within moments, but may be announced after the walk has seen it. Its event, which wants to be
 * answered, then comes before the request that the walk makes.
 */
const announcementMs = 5 * 60 * 1000;

const tellFound = (ports: DiscoverManifestsPorts) => {
  const { scanRequests, clock } = ports;
  const accept = acceptArrival(ports);
  return async ({ registry }: RegistryWalk, { repository, digest, tags, listedAt, isDiscovered }: FoundManifest) => {
    const image = { registry, repository, digest };
    let record: ImageRecord | undefined;
    for (const tag of tags.length === 0 ? [undefined] : tags)
      record = await accept({ image, reason: "discovered", tag, listedAt }, { quiet: true });
    const now = clock.now();
    const request = record && isDiscovered ? awaitedRequest(record, now) : undefined;
    if (request !== undefined) await scanRequests.send([request], new Date(now.getTime() + announcementMs));
    reached("found-told");
  };
};

async function readRepository(
  ports: DiscoverManifestsPorts,
  walk: RegistryWalk,
  place: DiscoverPlace,
  repository: Repository,
  signal: AbortSignal | undefined,
): Promise<RegistryWalk> {
  const { registry, coverage } = walk;
  await ports.turn(signal);
  const listedAt = ports.clock.now();
  const page = await orRefusal(ports.catalog.listManifests({ registry, repository }, place.manifests, signal));
  const isEndless = place.manifestPages >= maximumPages;
  if (isRefusal(page) || isEndless) {
    const error = isRefusal(page) ? page.error : `${registry} sent more than ${maximumPages} pages of tags.`;
    const unreadable = addUnreadable(coverage.unreadable, [{ repository, error }]);
    const repositories = addListed(coverage.repositories, { listed: 1, unreadable: 1 });
    return { ...walk, place: nextRepository(place), coverage: { ...coverage, unreadable, repositories } };
  }

  const { manifests, leftOut } = withoutLeftOut(ports.watchList, walk, repository, page);
  const looked = await inGroups(manifests, (listed) => lookUp(ports, walk, repository, listed, signal));
  const found = await newsOf(ports, walk, repository, looked, listedAt);
  const counted = addDiscovered(coverage, repository, found.filter(({ isDiscovered }) => isDiscovered).length);
  const refusals = looked.flatMap(({ tags: [tag], answer }) =>
    isRefusal(answer) ? [{ repository, tag, error: answer.error }] : [],
  );
  const tags = looked.map(({ tags, answer }) => ({
    listed: tags.length,
    [isRefusal(answer) ? "unreadable" : answer === undefined ? "vanished" : "read"]: tags.length,
  }));
  const isRead = page.next === undefined;
  const following = isRead
    ? nextRepository(place)
    : { ...place, manifests: page.next, manifestPages: place.manifestPages + 1 };
  return {
    ...walk,
    place: { ...following, found },
    coverage: {
      ...counted,
      repositories: isRead ? addListed(coverage.repositories, { listed: 1, read: 1 }) : coverage.repositories,
      tags: [{ listed: leftOut, leftOut }, ...tags].reduce(addListed, coverage.tags),
      unreadable: addUnreadable(coverage.unreadable, refusals),
    },
  };
}

/** Half a million tags of one repository, 50 at a time. */
const maximumPages = 10_000;

function nextRepository(place: DiscoverPlace): DiscoverPlace {
  return { ...place, repositories: place.repositories.slice(1), manifests: undefined, manifestPages: 0 };
}

/** A manifest with tags of which none is looked after is left out; one without any is looked after, as with events. */
function withoutLeftOut(
  watchList: WatchList,
  { registry }: RegistryWalk,
  repository: Repository,
  { items }: CatalogPage<ListedManifest>,
) {
  const manifests = items.map((listed) => ({
    digest: listed.digest,
    tags: listed.tags.filter((tag) => watchList(registry, repository, tag) === "watched"),
    isLookedAfter: listed.tags.length === 0,
    leftOut: listed.tags.length,
  }));
  return {
    manifests: manifests.filter(({ tags, isLookedAfter }) => isLookedAfter || tags.length > 0),
    leftOut: manifests.reduce((total, each) => total + each.leftOut - each.tags.length, 0),
  };
}

interface LookedUp {
  readonly tags: readonly Tag[];
  /** Undefined when the tag has gone meanwhile. */
  readonly answer: Digest | undefined | Refusal;
}

async function lookUp(
  { registry: images, turn }: DiscoverManifestsPorts,
  { registry }: RegistryWalk,
  repository: Repository,
  { digest, tags }: ListedManifest,
  signal: AbortSignal | undefined,
): Promise<LookedUp> {
  const [tag] = tags;
  if (digest !== undefined || tag === undefined) return { tags, answer: digest };
  await turn(signal);
  return { tags, answer: await orRefusal(images.resolveTag({ registry, repository }, tag, signal)) };
}

/** One for each manifest that the records do not show as the registry does. */
async function newsOf(
  { images }: DiscoverManifestsPorts,
  { registry }: RegistryWalk,
  repository: Repository,
  looked: readonly LookedUp[],
  listedAt: Date,
): Promise<readonly FoundManifest[]> {
  const byDigest = new Map<Digest, readonly Tag[]>();
  for (const { tags, answer } of looked)
    if (answer !== undefined && !isRefusal(answer)) byDigest.set(answer, [...(byDigest.get(answer) ?? []), ...tags]);

  const news = await inGroups([...byDigest], async ([digest, tags]) => {
    const known = (await images.read(imageId({ registry, repository, digest })))?.value;
    const isGone = known?.state.kind === "gone" && known.state.since < listedAt;
    const isDiscovered = known === undefined || isGone;
    // A record holds so many tags only: one more would push out another, and be told again by the next walk.
    const room = maximumTags - (known?.tags.length ?? 0);
    const untold = tags.filter((tag) => known?.tags.includes(tag) !== true).slice(0, room);
    return isDiscovered || untold.length > 0
      ? [{ repository, digest, tags: isDiscovered ? tags.slice(0, maximumTags) : untold, listedAt, isDiscovered }]
      : [];
  });
  return news.flat();
}
