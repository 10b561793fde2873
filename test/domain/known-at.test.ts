import { expect, it } from "vitest";
import { knownAt } from "../../shared/domain/known-at.ts";
import { aFinding } from "../support/samples.ts";

const monday = new Date("2026-11-16");
const tuesday = new Date("2026-11-17");
const wednesday = new Date("2026-11-18");

it("nothing is known before anything happened", () => {
  expect(knownAt([])).toEqual([]);
});

it("what is known has the severity and the exemption of then, and when it was first seen", () => {
  const low = aFinding({ vulnerabilityId: "CVE-2026-1", severity: "low" });
  const high = { ...low, severity: "high" as const };
  const putUpWith = aFinding({ vulnerabilityId: "CVE-2026-2", severity: "critical" });
  const exemption = { id: "not-reachable", since: monday };
  const entries = [
    {
      at: monday,
      changes: [
        { kind: "opened" as const, finding: low },
        { kind: "exempted" as const, finding: putUpWith, exemption },
      ],
    },
    { at: tuesday, changes: [{ kind: "severityRaised" as const, finding: high, previousSeverity: "low" as const }] },
    { at: wednesday, changes: [{ kind: "exemptionEnded" as const, finding: putUpWith, exemption }] },
  ];

  expect(knownAt(entries.slice(0, 1))).toEqual([
    { ...putUpWith, firstSeenAt: monday, exemption },
    { ...low, firstSeenAt: monday },
  ]);
  expect(knownAt(entries)).toEqual([
    { ...putUpWith, firstSeenAt: monday },
    { ...high, firstSeenAt: monday },
  ]);
});

it("what ended is not known any more, and who comes back was first seen before", () => {
  const finding = aFinding();
  const entries = [
    { at: monday, changes: [{ kind: "opened" as const, finding }] },
    { at: tuesday, changes: [{ kind: "retracted" as const, finding }] },
    { at: wednesday, changes: [{ kind: "reopened" as const, finding }] },
  ];

  expect(knownAt(entries.slice(0, 2))).toEqual([]);
  expect(knownAt(entries)).toEqual([{ ...finding, firstSeenAt: monday }]);
});
