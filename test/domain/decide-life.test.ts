import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countOpen } from "../../shared/domain/count-open.ts";
import {
  decideExemptions,
  decideGone,
  decideScan,
  type ExemptionFor,
  type LifeDecision,
} from "../../shared/domain/decide-life.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { knownAt, type RecordedChanges } from "../../shared/domain/known-at.ts";
import { severityRank } from "../../shared/domain/severity.ts";
import type { TrackedFinding } from "../../shared/domain/tracked-finding.ts";
import { aDatabase, aFinding, aScanner } from "../support/samples.ts";
import { logs, lookBack, numbers, withoutReplays, type Happening, type Truth } from "./life-log.ts";

describe("the life of findings", () => {
  it("is what looking back through everything that happened tells", () => {
    fc.assert(
      fc.property(logs, (log) => {
        for (const { tracked, log: past } of live(log))
          expect(tracked.map(toTruth).sort(byNumber)).toEqual(
            numbers.flatMap((number) => {
              const truth = lookBack(past, number);
              return truth === undefined ? [] : [{ number, ...truth }];
            }),
          );
      }),
      { numRuns: 1000 },
    );
  });

  it("has one change for each finding to which something happened, of the kind that looking back tells", () => {
    fc.assert(
      fc.property(logs, (log) => {
        for (const { changes, log: past } of live(log))
          expect(changes.map(({ kind, finding }) => ({ number: numberOf(finding), kind })).sort(byNumber)).toEqual(
            numbers.flatMap((number) => {
              const kind = happened(lookBack(past.slice(0, -1), number), lookBack(past, number));
              return kind === undefined ? [] : [{ number, kind }];
            }),
          );
      }),
      { numRuns: 1000 },
    );
  });

  it("can be told from its changes alone, at every instant", () => {
    fc.assert(
      fc.property(logs, (log) => {
        const entries: RecordedChanges[] = [];
        for (const { tracked, changes, at } of live(log)) {
          entries.push({ at, changes });
          const open = tracked.filter(({ ended }) => ended === undefined);

          expect(knownAt(entries).map(toKnown).sort(byNumber)).toEqual(open.map(toKnown).sort(byNumber));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("counts what came and went", () => {
    fc.assert(
      fc.property(logs, (log) => {
        let open = 0;
        for (const { tracked, before, changes } of live(log)) {
          const wasOpen = new Set(before.filter(({ ended }) => ended === undefined).map(({ id }) => id));
          const came = changes.filter(
            ({ kind, finding }) => ["opened", "reopened", "exempted"].includes(kind) && !wasOpen.has(finding.id),
          );
          const went = changes.filter(({ kind }) => kind === "resolved" || kind === "retracted");
          open += came.length - went.length;
          const { counts, exempted } = countOpen(tracked);

          expect(Object.values(counts).reduce((sum, count) => sum + count, exempted)).toBe(open);
        }
      }),
    );
  });

  it("does not go on when the same happens again", () => {
    fc.assert(
      fc.property(logs, (log) => {
        for (const { again, tracked } of live(log)) {
          expect(again.changes).toEqual([]);
          expect(again.findings).toEqual(tracked);
        }
      }),
    );
  });

  it("keeps the order of the report, and ended findings after it", () => {
    const [first, second, third] = [flaw(1), flaw(2), flaw(3)];

    const before = scanned([], [first, second, third]);
    const { findings, changes } = scanned(before.findings, [third, flaw(4)], { day: 2 });

    expect(findings.map(numberOf)).toEqual([3, 4, 1, 2]);
    expect(changes.map(({ finding }) => numberOf(finding))).toEqual([4, 1, 2]);
  });

  it("tells the severity that a finding had, also when an exemption or a fix is what happened", () => {
    const [rises, mended, putUpWith] = [flaw(1), flaw(2, { fixedVersion: undefined }), flaw(3)];
    const before = scanned([], [rises, mended, putUpWith]);

    const { changes } = scanned(
      before.findings,
      [flaw(1, { severity: "critical" }), flaw(2, { severity: "low" }), flaw(3, { severity: "medium" })],
      { day: 2, exemptions: exempting(new Set([3]), day(2)) },
    );

    expect(changes.map(({ kind, previousSeverity }) => [kind, previousSeverity])).toEqual([
      ["severityRaised", "high"],
      ["fixAvailable", "high"],
      ["exempted", "high"],
    ]);
  });

  it("says of a change that an exemption keeps it from being told", () => {
    const exemptions = exempting(new Set([1, 2]), day(1));
    const before = scanned([], [flaw(1), flaw(2)], { exemptions });

    const { changes } = scanned(before.findings, [flaw(1, { severity: "low" })], { day: 2, exemptions });

    expect(changes).toMatchObject([
      { kind: "severityLowered", exemption: { id: "e1" } },
      { kind: "resolved", exemption: { id: "e2" } },
    ]);
  });

  it("lets an exemption apply since it began, and until what it says now", () => {
    const before = scanned([], [flaw(1)], { exemptions: () => ({ id: "e1", since: day(1), until: day(5) }) });

    const after = decideExemptions({
      tracked: before.findings,
      exemptions: () => ({ id: "e1", since: day(3), until: day(9) }),
      at: day(3),
    });

    expect(after.findings.map(({ exemption }) => exemption)).toEqual([{ id: "e1", since: day(1), until: day(9) }]);
    expect(after.changes).toEqual([]);
  });

  it("is silent when a fix is withdrawn or another, and when the words are others", () => {
    const before = scanned([], [flaw(1), flaw(2), flaw(3)]);

    const after = scanned(
      before.findings,
      [flaw(1, { fixedVersion: undefined }), flaw(2, { fixedVersion: "9" }), flaw(3, { title: "new words" })],
      { day: 2 },
    );

    expect(after.changes).toEqual([]);
    expect(after.findings.map(({ title }) => title).at(-1)).toBe("new words");
  });
});

/** Decides along a log. */
function* live(written: readonly Happening[]) {
  const log = withoutReplays(written);
  let tracked: readonly TrackedFinding[] = [];
  let previous: Parameters<typeof decideScan>[0]["previous"];
  let databases = 0;
  for (const [position, happening] of log.entries()) {
    const at = day(position);
    const before = tracked;
    let decide: (tracked: readonly TrackedFinding[]) => LifeDecision;
    if (happening.kind === "scan") {
      if (happening.newerDatabase) databases += 1;
      const scan = {
        scannedAt: at,
        scanner: { ...aScanner, version: happening.scanner },
        database: { ...aDatabase, updatedAt: day(databases) },
      };
      const findings = [...happening.shown].map(([number, { severity, fix }]) =>
        flaw(number, { severity, fixedVersion: fix ? "2" : undefined }),
      );
      const seen = previous;
      decide = (known) =>
        decideScan({
          tracked: known,
          report: { ...scan, findings },
          previous: seen,
          exemptions: exempting(happening.exempt, at),
          at,
        });
      previous = scan;
    } else if (happening.kind === "exemptions")
      decide = (known) => decideExemptions({ tracked: known, exemptions: exempting(happening.exempt, at), at });
    else {
      const lastSeenAt = previous?.scannedAt ?? at;
      decide = (known) => decideGone({ tracked: known, lastSeenAt, at });
    }
    const { findings, changes } = decide(before);
    tracked = findings;
    yield { at, before, tracked, changes, log: log.slice(0, position + 1), again: decide(findings) };
  }
}

function scanned(
  tracked: readonly TrackedFinding[],
  findings: readonly Finding[],
  { day: on = 1, exemptions = () => undefined }: { readonly day?: number; readonly exemptions?: ExemptionFor } = {},
): LifeDecision {
  const scan = { scanner: aScanner, database: aDatabase };
  const previous = { ...scan, scannedAt: day(on - 1) };
  return decideScan({ tracked, report: { ...scan, findings }, previous, exemptions, at: day(on) });
}

function exempting(some: ReadonlySet<number>, since: Date): ExemptionFor {
  return (finding) => (some.has(numberOf(finding)) ? { id: `e${numberOf(finding)}`, since } : undefined);
}

function happened(before: Truth | undefined, now: Truth | undefined): string | undefined {
  if (now === undefined) return undefined;
  if (!now.open) return before?.open === true ? now.ended?.kind : undefined;
  if (before?.open !== true) {
    if (now.exempt) return "exempted";
    return before === undefined ? "opened" : "reopened";
  }
  if (before.exempt !== now.exempt) return now.exempt ? "exempted" : "exemptionEnded";
  if (!before.fix && now.fix) return "fixAvailable";
  if (before.severity === now.severity) return undefined;
  return severityRank(before.severity) < severityRank(now.severity) ? "severityRaised" : "severityLowered";
}

function toTruth(finding: TrackedFinding): Truth & { readonly number: number } {
  const { severity, fixedVersion, firstSeenAt, ended, exemption } = finding;
  return {
    number: numberOf(finding),
    open: ended === undefined,
    exempt: exemption !== undefined,
    firstSeen: dayOf(firstSeenAt),
    ...(ended && { ended: { kind: ended.kind, at: dayOf(ended.at), lastSeen: dayOf(ended.lastSeenAt) } }),
    severity,
    fix: fixedVersion !== undefined,
  };
}

/** Without the fix: when one is withdrawn, no change tells. */
function toKnown(finding: TrackedFinding) {
  return toTruth({ ...finding, fixedVersion: undefined });
}

function flaw(number: number, changes: Partial<Finding> = {}): Finding {
  return aFinding({ vulnerabilityId: `CVE-2026-${number}`, ...changes });
}

function numberOf({ vulnerabilityId }: Finding): number {
  return Number(vulnerabilityId.slice("CVE-2026-".length));
}

function byNumber(a: { readonly number: number }, b: { readonly number: number }): number {
  return a.number - b.number;
}

function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, 1 + number));
}

function dayOf(date: Date): number {
  return Math.round((date.getTime() - day(0).getTime()) / 86_400_000);
}
