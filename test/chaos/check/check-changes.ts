import { databaseDate } from "../plan/planned-database.ts";
import type { FindingTexts } from "./expected-findings.ts";
import { hear, isRepeated, type Heard } from "./heard.ts";
import type { KnownTruth } from "./known-truth.ts";
import type { ToldChanges } from "./told-changes.ts";

export interface CheckedChanges {
  /** Changes that no alert tells. */
  readonly lost: readonly string[];
  /** Changes that are told again under another id. */
  readonly doubled: readonly string[];
}

/** What the consumer has to know in the end. */
export interface LastState {
  /** The database of the newest scan, by its date. */
  readonly database: string;
  /** When exemptions are to hold as they do then; missing when nobody looks at the image any more. */
  readonly at?: Date | undefined;
}

/** As {@link followChanges}; of a manifest that nobody told, with the first result as a silent baseline if that fits better. */
export function checkChanges(
  subject: string,
  told: readonly ToldChanges[],
  truth: KnownTruth,
  last: LastState,
): CheckedChanges {
  const baselines = truth.untold.has(subject) ? truth.databases.map((_, number) => databaseDate(number)) : [];
  const starts = [nothing, ...baselines.map((date) => baseline(subject, date.toISOString(), truth))];
  const checked = starts.map((heard) => followChanges(subject, told, truth, { heard, last }));
  const [best = { lost: [], doubled: [] }] = checked.toSorted((a, b) => problemsOf(a) - problemsOf(b));
  return best;
}

const nothing: ReadonlyMap<string, Heard> = new Map();

/** Nobody tells what is exempted in a baseline. */
function baseline(subject: string, database: string, truth: KnownTruth): ReadonlyMap<string, Heard> {
  const findings = [...(truth.findingsOf(subject, database) ?? [])];
  return new Map(
    findings.map(([id, text]): [string, Heard] => [
      id,
      truth.exemptions.wasEverInForce(subject, id) ? { kind: "unsure" } : { kind: "open", text },
    ]),
  );
}

function problemsOf({ lost, doubled }: CheckedChanges): number {
  return lost.length + doubled.length;
}

/**
 * Follows what the consumer was told of one manifest, database after database, and in the order of time for each: every
 * alert has to tell news, and after those of a database the consumer has to know what that database knows, but for what
 * is exempted. In the end it has to know, too, what is exempted and what is not.
 */
function followChanges(
  subject: string,
  told: readonly ToldChanges[],
  truth: KnownTruth,
  start: { readonly heard: ReadonlyMap<string, Heard>; readonly last: LastState },
): CheckedChanges {
  const lost: string[] = [];
  const doubled: string[] = [];
  const heard = new Map(start.heard);
  const mayBeHeld = told.some(({ isHeld }) => isHeld);
  // What exemptions change is told at once, so it may come before what the scans before it have changed.
  const isUnsure = (id: string) => mayBeHeld && truth.exemptions.wasEverInForce(subject, id);
  const texts = (database: string): FindingTexts => truth.findingsOf(subject, database) ?? new Map<string, string>();
  const lapses = (id: string, since: string, until: string) =>
    truth.databases.some((_, number) => {
      const date = databaseDate(number).toISOString();
      return date > since && date <= until && !texts(date).has(id);
    });

  const inTurn = told.toSorted((a, b) => a.database.localeCompare(b.database) || a.at.localeCompare(b.at));
  for (const [database, alerts] of Map.groupBy(inTurn, (each) => each.database)) {
    const next = texts(database);
    for (const { alert, findings } of alerts)
      for (const [id, changes] of Map.groupBy(findings, ({ vulnerabilityId }) => vulnerabilityId)) {
        const last = changes.at(-1);
        if (isUnsure(id)) heard.set(id, { kind: "unsure" });
        if (last === undefined || isUnsure(id)) continue;
        const isFresh = (since: string) => lapses(id, since, database);
        // Two scans that are told together may take back what they had changed.
        if (changes.length === 1 && isRepeated(heard.get(id), last, isFresh))
          doubled.push(`${subject}: ${id} is ${last.change} in ${alert}, and was that before.`);
        const now = hear(last, database);
        const isTrue = now?.kind === "open" ? now.text === next.get(id) : next.has(id) === (now !== undefined);
        if (!isTrue)
          lost.push(
            `${subject}: ${id} is ${last.change}, ${last.severity} in ${alert}, and is ${next.get(id) ?? "gone"}.`,
          );
        if (now === undefined) heard.delete(id);
        else heard.set(id, now);
      }
    if (mayBeHeld && alerts.every(({ cause }) => cause === "exemptions")) continue;
    for (const id of unknownOf(heard, next)) lost.push(`${subject}: ${id} should be told with ${database}.`);
  }
  const { database, at } = start.last;
  const next = texts(database);
  for (const id of unknownOf(heard, next)) lost.push(`${subject}: ${id} was never told as it is.`);
  for (const id of at === undefined ? [] : next.keys()) {
    const isExempt = truth.exemptions.isInForce(subject, id, at ?? new Date(0));
    const kind = heard.get(id)?.kind;
    if (kind !== undefined && kind !== "unsure" && (kind === "exempted") !== isExempt)
      lost.push(`${subject}: ${id} is ${isExempt ? "" : "not "}exempted, which was not told.`);
  }
  return { lost, doubled };
}

/** What the consumer knows otherwise than the database. What it knows to be exempted is not told further. */
function unknownOf(heard: ReadonlyMap<string, Heard>, next: FindingTexts): readonly string[] {
  return [...new Set([...heard.keys(), ...next.keys()])].sort().filter((id) => {
    const known = heard.get(id);
    if (known?.kind === "exempted" || known?.kind === "unsure") return false;
    return known?.text !== next.get(id);
  });
}
