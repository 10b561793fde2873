import { contentId } from "./content-id.ts";
import { addTallies, coverageStates, noManifests, sumOfStates, type Tally } from "./coverage-tally.ts";
import type { Digest } from "./digest.ts";
import type { CoverageGap } from "./general-alert.ts";
import type { RegistryHost, Repository, Tag } from "./image-reference.ts";

/** What a walk through a registry has found. While the walk goes on, what it has found so far. */
export interface Coverage {
  readonly repositories: Listed;
  readonly tags: Listed;
  /** Manifests that nobody had announced, and those thought gone that are there. */
  readonly discovered: number;
  readonly manifests: Tally;
  /** Manifests by repository, the largest; at most {@link maximumRepositories}. */
  readonly largest: readonly RepositoryTally[];
  /** All other repositories together. */
  readonly rest: Tally & { readonly repositories: number };
  /** Where {@link discovered} were, as far as there was room: at most {@link maximumRepositories}. */
  readonly discoveredIn: readonly { readonly repository: Repository; readonly discovered: number }[];
  /** The first {@link maximumExamples}; how many there are stands in the counts. */
  readonly unreadable: readonly Unreadable[];
  /** Why the report does not speak for the whole registry; empty when it does. Sentences for a person. */
  readonly partial: readonly string[];
}

/** Each that the registry listed is counted once: `listed` is the sum of the others. */
export interface Listed {
  readonly listed: number;
  readonly read: number;
  /** By the filters in the settings: the registry was not asked any further. */
  readonly leftOut: number;
  /** Gone before it could be read. */
  readonly vanished: number;
  /** The registry refused it. */
  readonly unreadable: number;
}

export interface RepositoryTally extends Tally {
  readonly repository: Repository;
}

export interface Unreadable {
  readonly repository: Repository;
  readonly tag?: Tag | undefined;
  readonly digest?: Digest | undefined;
  readonly error: string;
}

export interface CoverageReport extends Coverage {
  readonly registry: RegistryHost;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export const maximumRepositories = 1000;

export const maximumExamples = 100;

/** Throws unless every manifest has exactly one state and all sums agree: a report that does not is a bug of ours. */
export function assertAddsUp({
  repositories,
  tags,
  manifests,
  largest,
  rest,
  discovered,
  discoveredIn,
}: Coverage): void {
  const wrong: string[] = [];
  const equal = (what: string, sum: number, total: number) => {
    if (sum !== total) wrong.push(`${what}: ${sum} instead of ${total}`);
  };
  for (const [what, { listed, read, leftOut, vanished, unreadable }] of Object.entries({ repositories, tags }))
    equal(`${what} listed`, read + leftOut + vanished + unreadable, listed);
  for (const tally of [manifests, rest, ...largest]) {
    equal("states", sumOfStates(tally), tally.known);
    if (tally.missing + tally.unreadable > tally.known) wrong.push("more manifests were missing than are known");
  }
  const sum = [...largest, rest].reduce<Tally>(addTallies, noManifests);
  equal("manifests of all repositories", sum.known, manifests.known);
  equal("missing manifests", sum.missing, manifests.missing);
  equal("unreadable manifests", sum.unreadable, manifests.unreadable);
  for (const state of coverageStates) equal(`manifests ${state}`, sum.states[state] ?? 0, manifests.states[state] ?? 0);
  equal("repositories of the report", new Set(largest.map(({ repository }) => repository)).size, largest.length);
  const placed = discoveredIn.reduce((total, each) => total + each.discovered, 0);
  if (placed > discovered) wrong.push(`discovered: ${placed} in repositories of ${discovered} in all`);
  if (wrong.length > 0) throw new Error(`The coverage report does not add up: ${wrong.join("; ")}.`);
}

/** What has to be told of a finished walk; undefined when everything is covered. */
export function coverageGap(report: CoverageReport): CoverageGap | undefined {
  const { registry, startedAt, finishedAt, repositories, tags, discovered, manifests, partial } = report;
  const { missing } = manifests;
  const failed = coverageStates
    .filter((state) => state.startsWith("failed."))
    .reduce((total, state) => total + (manifests.states[state] ?? 0), 0);
  const unreadable = repositories.unreadable + tags.unreadable + manifests.unreadable;
  if (discovered + missing + failed + unreadable + partial.length === 0) return undefined;
  return {
    kind: "coverage.gap",
    id: contentId("coverage.gap", registry, startedAt.toISOString()),
    occurredAt: finishedAt,
    registry,
    discovered,
    missing,
    failed,
    unreadable,
    partial: partial.length > 0,
    report: { startedAt, finishedAt, repositories, tags, manifests: manifests.known, states: manifests.states },
  };
}
