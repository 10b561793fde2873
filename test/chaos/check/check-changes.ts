import { databaseDate } from "../plan/planned-database.ts";
import { differences, findingText, type FindingTexts } from "./expected-findings.ts";
import type { KnownTruth } from "./known-truth.ts";
import type { ToldChanges } from "./told-changes.ts";

export interface CheckedChanges {
  /** Changes that no alert tells. */
  readonly lost: readonly string[];
  /** Changes that are told again under another id. */
  readonly doubled: readonly string[];
}

/** As {@link followChanges}; of a manifest that nobody told, with the first result as a silent baseline if that fits better. */
export function checkChanges(
  subject: string,
  told: readonly ToldChanges[],
  truth: KnownTruth,
  lastDatabase: string,
): CheckedChanges {
  const baselines = truth.untold.has(subject) ? truth.databases.map((_, number) => databaseDate(number)) : [];
  const starts = [nothing, ...baselines.map((date) => truth.findingsOf(subject, date.toISOString()) ?? nothing)];
  const checked = starts.map((known) => followChanges(subject, told, truth, { known, lastDatabase }));
  const [best = { lost: [], doubled: [] }] = checked.toSorted((a, b) => problemsOf(a) - problemsOf(b));
  return best;
}

const nothing: FindingTexts = new Map();

function problemsOf({ lost, doubled }: CheckedChanges): number {
  return lost.length + doubled.length;
}

/**
 * Follows what the consumer was told of one manifest, database after database: each alert has to tell exactly what is
 * different from what had been told before, and in the end the consumer has to know what the database knows.
 */
function followChanges(
  subject: string,
  told: readonly ToldChanges[],
  truth: KnownTruth,
  { known, lastDatabase }: { known: FindingTexts; readonly lastDatabase: string },
): CheckedChanges {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const { alert, database, findings } of told.toSorted((a, b) => a.database.localeCompare(b.database))) {
    const next = truth.findingsOf(subject, database) ?? nothing;
    const expected = new Set(differences(known, next));
    for (const [id, changes] of Map.groupBy(findings, ({ vulnerabilityId }) => vulnerabilityId)) {
      const last = changes.at(-1);
      // Two scans that are told together may take back what they had changed.
      if (!expected.delete(id) && changes.length === 1) doubled.push(`${subject}: ${id} in ${alert}, told before.`);
      else if (last !== undefined && toldText(last) !== next.get(id))
        lost.push(
          `${subject}: ${id} is ${last.change}, ${last.severity} in ${alert}, and is ${next.get(id) ?? "gone"}.`,
        );
    }
    for (const id of expected) lost.push(`${subject}: ${id} should be in alert ${alert}.`);
    known = next;
  }
  const missing = differences(known, truth.findingsOf(subject, lastDatabase) ?? nothing);
  lost.push(...missing.map((id) => `${subject}: ${id} was never told as it is.`));
  return { lost, doubled };
}

function toldText(finding: ToldChanges["findings"][number]): string | undefined {
  return finding.change === "resolved" || finding.change === "retracted" ? undefined : findingText(finding);
}
