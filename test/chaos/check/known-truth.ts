import { databaseOf, type PlannedDatabase } from "../plan/planned-database.ts";
import type { PushedManifest } from "../world/push-planned.ts";
import { expectedFindings, type FindingTexts } from "./expected-findings.ts";

/** What was pushed so far, and what is to be found in it. */
export interface KnownTruth {
  readonly manifests: ReadonlyMap<string, PushedManifest>;
  readonly deleted: ReadonlySet<string>;
  /** Manifests that were pushed and never told: when they are discovered, their first result is a baseline without alert. */
  readonly untold: ReadonlySet<string>;
  /** Undefined when there is no such manifest or no such database. */
  readonly findingsOf: (subject: string, updatedAt: string) => FindingTexts | undefined;
  readonly push: (manifest: PushedManifest) => void;
  readonly delete: (subject: string) => void;
  readonly loseNews: (subject: string) => void;
  readonly databases: readonly PlannedDatabase[];
}

export function knownTruth(databases: readonly PlannedDatabase[]): KnownTruth {
  const manifests = new Map<string, PushedManifest>();
  const deleted = new Set<string>();
  const untold = new Set<string>();
  return {
    manifests,
    deleted,
    untold,
    databases,
    findingsOf: (subject, updatedAt) => {
      const [manifest, database] = [manifests.get(subject), databases[databaseOf(updatedAt)]];
      return manifest && database && expectedFindings(manifest.packages, database);
    },
    push: (manifest) => void manifests.set(subjectOf(manifest), manifest),
    delete: (subject) => void deleted.add(subject),
    loseNews: (subject) => void untold.add(subject),
  };
}

/** As alerts name an image. */
export function subjectOf({ repository, digest }: Pick<PushedManifest, "repository" | "digest">): string {
  return `${repository}@${digest}`;
}
