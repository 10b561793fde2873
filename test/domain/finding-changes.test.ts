import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareFindings } from "../../shared/domain/finding-changes.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { severities } from "../../shared/domain/severity.ts";
import { aFinding } from "../support/samples.ts";

describe("compareFindings", () => {
  it("sees no change between a set and itself", () => {
    fc.assert(fc.property(findings, (set) => compareFindings(set, set).length === 0));
  });

  it("sees resolved backwards where it sees opened forwards", () => {
    fc.assert(
      fc.property(findings, findings, (before, after) => {
        expect(idsOf("opened", before, after)).toEqual(idsOf("resolved", after, before));
        expect(idsOf("severityRaised", before, withSameFixes(before, after))).toEqual(
          idsOf("severityLowered", withSameFixes(before, after), before),
        );
      }),
    );
  });

  it("tells at most one change of each finding, of every finding that came or went", () => {
    fc.assert(
      fc.property(findings, findings, (before, after) => {
        const changed = compareFindings(before, after).map(({ finding }) => finding.id);
        const known = new Set(before.map(({ id }) => id));
        const still = new Set(after.map(({ id }) => id));
        const cameOrWent = [...known, ...still].filter((id) => known.has(id) !== still.has(id));

        expect(new Set(changed).size).toBe(changed.length);
        expect(changed).toEqual(expect.arrayContaining(cameOrWent));
      }),
    );
  });

  it("shows findings as they are now, in the order of the new report, and resolved ones last as they were", () => {
    const [gone, kept, raised] = [numbered(1), numbered(2), numbered(3, { severity: "low" })];
    const raisedNow = { ...raised, severity: "critical" as const };
    const opened = numbered(4);

    const changes = compareFindings([gone, kept, raised], [opened, raisedNow, kept]);

    expect(changes).toEqual([
      { kind: "opened", finding: opened },
      { kind: "severityRaised", finding: raisedNow, previousSeverity: "low" },
      { kind: "resolved", finding: gone },
    ]);
  });

  it.each([
    ["a fix became known", { fixedVersion: undefined }, { fixedVersion: "2" }, "fixAvailable"],
    [
      "a fix and a new severity became known",
      { fixedVersion: undefined, severity: "low" },
      { severity: "high" },
      "fixAvailable",
    ],
    ["the severity rose", { severity: "low" }, { severity: "medium" }, "severityRaised"],
    ["the severity fell", { severity: "high" }, { severity: "unknown" }, "severityLowered"],
  ] as const)("says what happened when %s", (_, before, after, kind) => {
    const changes = compareFindings([numbered(1, before)], [numbered(1, after)]);

    expect(changes.map((change) => change.kind)).toEqual([kind]);
  });

  it.each([
    ["a fix was withdrawn", { fixedVersion: undefined }],
    ["a fix got another version", { fixedVersion: "9" }],
    ["the text is another", { title: "new words", cvss: undefined }],
  ])("is silent when %s", (_, after) => {
    expect(compareFindings([numbered(1)], [numbered(1, after)])).toEqual([]);
  });
});

function numbered(number: number, changes: Partial<Finding> = {}): Finding {
  return aFinding({ vulnerabilityId: `CVE-2026-${number}`, ...changes });
}

const findings = fc
  .uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 12 }),
      severity: fc.constantFrom(...severities),
      fixedVersion: fc.option(fc.constant("2"), { nil: undefined }),
    }),
    { selector: ({ number }) => number },
  )
  .map((all) => all.map(({ number, ...changes }) => numbered(number, changes)));

function withSameFixes(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const fixes = new Map(before.map(({ id, fixedVersion }) => [id, fixedVersion]));
  return after.map((finding) => ({ ...finding, fixedVersion: fixes.get(finding.id) }));
}

function idsOf(kind: string, before: readonly Finding[], after: readonly Finding[]): readonly string[] {
  return compareFindings(before, after)
    .filter((change) => change.kind === kind)
    .map(({ finding }) => finding.id)
    .sort();
}
