import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  atLeast,
  countSeverities,
  highestSeverity,
  isSeverity,
  severities,
  severityRank,
} from "../../shared/domain/severity.ts";

const severity = fc.constantFrom(...severities);

describe("severity", () => {
  it("goes from unknown, 0, to critical, 4, as in Trivy's database", () => {
    expect(severities.map((each) => [each, severityRank(each)])).toEqual([
      ["unknown", 0],
      ["low", 1],
      ["medium", 2],
      ["high", 3],
      ["critical", 4],
    ]);
  });

  it("is a total order", () => {
    fc.assert(
      fc.property(severity, severity, severity, (a, b, c) => {
        expect(atLeast(a, a)).toBe(true);
        expect(atLeast(a, b) || atLeast(b, a)).toBe(true);
        expect(atLeast(a, b) && atLeast(b, a)).toBe(a === b);
        if (atLeast(a, b) && atLeast(b, c)) expect(atLeast(a, c)).toBe(true);
      }),
    );
  });

  it("is spelt in lower case and nothing else", () => {
    expect(severities.every(isSeverity)).toBe(true);
    expect(["", "HIGH", "negligible", "toString"].some(isSeverity)).toBe(false);
  });
});

describe("highestSeverity", () => {
  it("is one of the given ones and at least as severe as each", () => {
    fc.assert(
      fc.property(fc.array(severity, { minLength: 1 }), (all) => {
        const highest = highestSeverity(all);

        expect(all).toContain(highest);
        expect(highest !== undefined && all.every((each) => atLeast(highest, each))).toBe(true);
      }),
    );
  });

  it("is missing when there is none to choose from", () => {
    expect(highestSeverity([])).toBeUndefined();
  });
});

describe("countSeverities", () => {
  it("counts each once", () => {
    fc.assert(
      fc.property(fc.array(severity), (all) => {
        const counts = countSeverities(all);

        expect(Object.keys(counts)).toEqual([...severities]);
        for (const each of severities) expect(counts[each]).toBe(all.filter((one) => one === each).length);
      }),
    );
  });
});
