import type { Coverage, Listed, RepositoryTally, Unreadable } from "./coverage.ts";
import { maximumExamples, maximumRepositories } from "./coverage.ts";
import { addTallies, noManifests, type Tally } from "./coverage-tally.ts";
import type { Digest } from "./digest.ts";
import type { ImageReference, RegistryHost, Repository, Tag } from "./image-reference.ts";

/**
 * A walk through a registry, as it is kept between steps. Each step takes a walk to the next; what a step does outside
 * comes to the same when the step is repeated, so a walk that was interrupted anywhere ends like one that was not.
 */
export interface RegistryWalk {
  readonly registry: RegistryHost;
  readonly startedAt: Date;
  /** When the last step ended. */
  readonly progressAt: Date;
  /** The registry asked for patience until then. */
  readonly resumeAt?: Date | undefined;
  /** Why it stands still. */
  readonly trouble?: string | undefined;
  readonly place: WalkPlace;
  readonly coverage: Coverage;
}

export type WalkPlace = DiscoverPlace | VerifyPlace | ReportPlace | { readonly kind: "finished" };

/** First what the registry lists is compared with the records. */
export interface DiscoverPlace {
  readonly kind: "discover";
  /** Where repositories are listed: by the registry, or where it refuses, by our own records. */
  readonly from: "catalog" | "records";
  /** Of the list of repositories. Missing before its first page. */
  readonly cursor?: string | undefined;
  readonly isListed: boolean;
  /** Of the list of repositories so far: a registry that goes round in circles is not followed for ever. */
  readonly pages: number;
  /** The last one listed. */
  readonly last?: Repository | undefined;
  /** Yet to be read, the first one from `manifests` on, of which so many pages have been read. */
  readonly repositories: readonly Repository[];
  readonly manifests?: string | undefined;
  readonly manifestPages: number;
  /** Counted, and to be told to the records by the next step. */
  readonly found: readonly FoundManifest[];
}

/** Then the records are compared with the registry. */
export interface VerifyPlace {
  readonly kind: "verify";
  readonly cursor?: string | undefined;
  readonly isListed: boolean;
  /** Does not let us in; its other manifests are not asked for. */
  readonly refused?: Repository | undefined;
  /** Counted, and to be looked at again by the next step. */
  readonly missing: readonly ImageReference[];
}

export interface ReportPlace {
  readonly kind: "report";
  readonly finishedAt: Date;
}

export interface FoundManifest {
  readonly repository: Repository;
  readonly digest: Digest;
  readonly tags: readonly Tag[];
  readonly listedAt: Date;
  /** Not on record, or thought gone; otherwise only a tag is news. */
  readonly isDiscovered: boolean;
}

export function beginWalk(registry: RegistryHost, now: Date): RegistryWalk {
  return {
    registry,
    startedAt: now,
    progressAt: now,
    place: startOf("catalog"),
    coverage: nothingCovered,
  };
}

export function startOf(from: DiscoverPlace["from"]): DiscoverPlace {
  return { kind: "discover", from, isListed: false, pages: 0, repositories: [], manifestPages: 0, found: [] };
}

export const startOfVerifying: VerifyPlace = { kind: "verify", isListed: false, missing: [] };

export const noneListed: Listed = { listed: 0, read: 0, leftOut: 0, vanished: 0, unreadable: 0 };

export const nothingCovered: Coverage = {
  repositories: noneListed,
  tags: noneListed,
  discovered: 0,
  manifests: noManifests,
  largest: [],
  rest: { ...noManifests, repositories: 0 },
  discoveredIn: [],
  unreadable: [],
  partial: [],
};

export function addListed(one: Listed, other: Partial<Listed>): Listed {
  const { listed = 0, read = 0, leftOut = 0, vanished = 0, unreadable = 0 } = other;
  return {
    listed: one.listed + listed,
    read: one.read + read,
    leftOut: one.leftOut + leftOut,
    vanished: one.vanished + vanished,
    unreadable: one.unreadable + unreadable,
  };
}

export function addUnreadable(known: readonly Unreadable[], more: readonly Unreadable[]): readonly Unreadable[] {
  const brief = more.map((each) => ({ ...each, error: each.error.slice(0, 300) }));
  return [...known, ...brief].slice(0, maximumExamples);
}

/** Manifests come sorted by repository: the last one's may not be complete yet, so it keeps its place. */
export function addManifests(
  coverage: Coverage,
  tallies: readonly { readonly repository: Repository; readonly tally: Tally }[],
): Coverage {
  const byRepository = new Map(coverage.largest.map((each) => [each.repository, each]));
  let { manifests } = coverage;
  for (const { repository, tally } of tallies) {
    manifests = addTallies(manifests, tally);
    byRepository.set(repository, { repository, ...addTallies(byRepository.get(repository) ?? noManifests, tally) });
  }
  const { kept, folded } = keepLargest([...byRepository.values()], tallies.at(-1)?.repository);
  const repositories = coverage.rest.repositories + folded.length;
  const rest = { ...folded.reduce<Tally>(addTallies, coverage.rest), repositories };
  return { ...coverage, manifests, largest: kept, rest };
}

function keepLargest(all: readonly RepositoryTally[], current: Repository | undefined) {
  if (all.length <= maximumRepositories) return { kept: all, folded: [] };
  const rank = ({ repository, known }: RepositoryTally) => (repository === current ? Infinity : known);
  const sorted = all.toSorted((a, b) => Math.sign(rank(b) - rank(a)));
  return { kept: sorted.slice(0, maximumRepositories), folded: sorted.slice(maximumRepositories) };
}

/** Pages of one repository follow each other, so its count grows in place. */
export function addDiscovered(coverage: Coverage, repository: Repository, count: number): Coverage {
  if (count === 0) return coverage;
  const others = coverage.discoveredIn.filter((each) => each.repository !== repository);
  const before = coverage.discoveredIn.find((each) => each.repository === repository)?.discovered ?? 0;
  const grown = { repository, discovered: before + count };
  const sorted = [grown, ...others.toSorted((a, b) => b.discovered - a.discovered)];
  return {
    ...coverage,
    discovered: coverage.discovered + count,
    discoveredIn: sorted.slice(0, maximumRepositories),
  };
}
