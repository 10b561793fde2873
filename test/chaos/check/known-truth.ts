import { databaseOf, type PlannedDatabase } from "../plan/planned-database.ts";
import type { PushedManifest } from "../world/push-planned.ts";
import { expectedFindings, type FindingTexts } from "./expected-findings.ts";
import { knownExemptions, type KnownExemptions } from "./known-exemptions.ts";

/** What was pushed so far, and what is to be found in it. */
export interface KnownTruth {
  readonly manifests: ReadonlyMap<string, PushedManifest>;
  readonly deleted: ReadonlySet<string>;
  /** Manifests of which some news was lost: when they are discovered, their first result is a baseline without alert. */
  readonly untold: ReadonlySet<string>;
  /** Manifests of which some news was sent. One without any is not in use: it is scanned when it is found, and then no more. */
  readonly announced: ReadonlySet<string>;
  readonly exemptions: KnownExemptions;
  /** Repositories of which somebody told who is none of our registries. */
  readonly strange: ReadonlySet<string>;
  /** Undefined when there is no such manifest or no such database. */
  readonly findingsOf: (subject: string, updatedAt: string) => FindingTexts | undefined;
  readonly push: (manifest: PushedManifest) => void;
  readonly delete: (subject: string) => void;
  readonly loseNews: (subject: string) => void;
  readonly announce: (subject: string) => void;
  readonly tellStrange: (repository: string) => void;
  readonly databases: readonly PlannedDatabase[];
}

export function knownTruth(databases: readonly PlannedDatabase[]): KnownTruth {
  const manifests = new Map<string, PushedManifest>();
  const [deleted, untold, announced, strange] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  return {
    ...{ manifests, deleted, untold, announced, strange, databases },
    exemptions: knownExemptions(),
    findingsOf: (subject, updatedAt) => {
      const [manifest, database] = [manifests.get(subject), databases[databaseOf(updatedAt)]];
      return manifest && database && expectedFindings(manifest.packages, database);
    },
    push: (manifest) => void manifests.set(subjectOf(manifest), manifest),
    delete: (subject) => void deleted.add(subject),
    loseNews: (subject) => void untold.add(subject),
    announce: (subject) => void announced.add(subject),
    tellStrange: (repository) => void strange.add(repository),
  };
}

/** As alerts name an image. */
export function subjectOf({ repository, digest }: Pick<PushedManifest, "repository" | "digest">): string {
  return `${repository}@${digest}`;
}
