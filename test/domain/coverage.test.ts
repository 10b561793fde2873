import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addTallies, coverageStates, noManifests, tallyOf, type Tally } from "../../shared/domain/coverage-tally.ts";
import {
  assertAddsUp,
  coverageGap,
  maximumRepositories,
  type Coverage,
  type CoverageReport,
} from "../../shared/domain/coverage.ts";
import type { ImageState } from "../../shared/domain/image-record.ts";
import { parseRegistryHost, parseRepository, type Repository } from "../../shared/domain/image-reference.ts";
import { addDiscovered, addListed, addManifests, nothingCovered } from "../../shared/domain/registry-walk.ts";
import { failureClasses, unscannableReasons } from "../../shared/domain/scan-outcome.ts";
import { aDigest, anImageRecord } from "../support/samples.ts";

const since = new Date("2026-03-03T00:00:00Z");

describe("coverage of manifests", () => {
  it("adds up after every page, however many repositories there are and whatever their manifests' states", () => {
    fc.assert(
      fc.property(fc.array(manifest, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (manifests, pageSize) => {
        const sorted = manifests.toSorted((a, b) => (a.repository < b.repository ? -1 : 1));
        let coverage = nothingCovered;
        for (let at = 0; at < sorted.length; at += pageSize) {
          coverage = addManifests(coverage, sorted.slice(at, at + pageSize));
          assertAddsUp(coverage);
        }

        expect(coverage.manifests.known).toBe(manifests.length);
        expect(coverage.largest).toHaveLength(new Set(manifests.map(({ repository }) => repository)).size);
      }),
    );
  });

  it("keeps the 1,000 largest repositories, each whole, and the others as one sum", () => {
    const names = Array.from({ length: 1500 }, (_, index) => repositoryNumber(index));
    // Every hundredth has more manifests than one page, so that it is small when its first page is counted.
    const manifests = names.flatMap((repository, index) =>
      Array.from({ length: index % 100 === 0 ? 250 : 1 + (index % 2) }, () => ({ repository, tally: scanned })),
    );

    let coverage = nothingCovered;
    for (let at = 0; at < manifests.length; at += 100) coverage = addManifests(coverage, manifests.slice(at, at + 100));

    assertAddsUp(coverage);
    expect(coverage.largest).toHaveLength(maximumRepositories);
    expect(coverage.largest.filter(({ known }) => known === 250)).toHaveLength(15);
    expect(coverage.largest.filter(({ known }) => known === 2)).toHaveLength(750);
    expect(coverage.rest).toMatchObject({ repositories: 500, known: 500, states: { scanned: 500 } });
  });

  it("has a state for each that a record can have", () => {
    const tallies = states.map((state) => tallyOf(anImageRecord({ state }), "there", true));

    const sum = tallies.reduce(addTallies, noManifests);

    expect(Object.keys(sum.states).toSorted()).toEqual(coverageStates.filter((each) => each !== "leftOut").toSorted());
    // Scanning counts as waiting.
    expect(sum.states.waiting).toBe(2);
  });

  it("names the check that is longest ago, of those that are still looked after", () => {
    const checkedAt = (day: number, state: ImageState, isWatched = true) => {
      const scannedAt = new Date(Date.UTC(2026, 0, day));
      const record = anImageRecord({ state });
      return tallyOf({ ...record, scan: record.scan && { ...record.scan, scannedAt } }, "there", isWatched);
    };

    const { oldestCheckAt } = [
      checkedAt(3, { kind: "scanned", since }),
      checkedAt(2, { kind: "waiting", since, reason: "due" }),
      checkedAt(1, { kind: "gone", since }),
      checkedAt(1, { kind: "scanned", since }, false),
    ].reduce(addTallies, noManifests);

    expect(oldestCheckAt).toEqual(new Date("2026-01-02T00:00:00Z"));
  });
});

describe("assertAddsUp", () => {
  it.each<[string, (right: Coverage) => Partial<Coverage>]>([
    ["a manifest without a state", ({ manifests }) => ({ manifests: { ...manifests, known: manifests.known + 1 } })],
    ["a manifest with two states", ({ manifests }) => ({ manifests: plus(manifests, { waiting: 1 }) })],
    ["another state in the sum", ({ manifests }) => ({ manifests: plus(manifests, { waiting: 1, scanned: -1 }) })],
    ["a repository that is missing", ({ largest }) => ({ largest: largest.slice(1) })],
    ["a repository that is there twice", ({ largest, rest }) => ({ largest: [...largest, ...largest], rest })],
    ["a tag that is neither read nor left out", ({ tags }) => ({ tags: addListed(tags, { listed: 1 }) })],
    [
      "a repository that was not listed",
      ({ repositories }) => ({ repositories: addListed(repositories, { read: 1 }) }),
    ],
    ["more discovered in a repository than in all", () => ({ discovered: 0 })],
    ["a missing manifest in no repository", ({ manifests }) => ({ manifests: { ...manifests, missing: 1 } })],
  ])("finds %s", (_, change) => {
    const right = aReport();

    expect(() => assertAddsUp(right)).not.toThrow();
    expect(() => assertAddsUp({ ...right, ...change(right) })).toThrow("does not add up");
  });
});

describe("coverageGap", () => {
  it("has nothing to tell when every manifest was announced, is there and was looked at", () => {
    const covered = addManifests(nothingCovered, [{ repository: repositoryNumber(1), tally: scanned }]);

    expect(coverageGap({ ...aReport(), ...covered })).toBeUndefined();
  });

  it("tells the sums, under an id that follows from the walk", () => {
    const report = aReport();

    const gap = coverageGap(report);

    expect(gap).toEqual({
      kind: "coverage.gap",
      id: coverageGap(aReport())?.id,
      occurredAt: report.finishedAt,
      registry: report.registry,
      discovered: 2,
      missing: 0,
      failed: 1,
      unreadable: 0,
      partial: false,
      report: {
        startedAt: report.startedAt,
        finishedAt: report.finishedAt,
        repositories: report.repositories,
        tags: report.tags,
        manifests: 2,
        states: { scanned: 1, "failed.timeout": 1 },
      },
    });
    expect(coverageGap({ ...report, startedAt: since })?.id).not.toBe(gap?.id);
  });
});

function aReport(): CoverageReport {
  const repository = repositoryNumber(1);
  const failed = anImageRecord({ state: { kind: "failed", since, failure: "timeout", attempts: 5, detail: "" } });
  const tallies = [scanned, tallyOf(failed, "there", true)].map((tally) => ({ repository, tally }));
  return {
    ...addDiscovered(addManifests(nothingCovered, tallies), repository, 2),
    registry: parseRegistryHost("shop.azurecr.io"),
    repositories: addListed(nothingCovered.repositories, { listed: 1, read: 1 }),
    tags: addListed(nothingCovered.tags, { listed: 3, read: 2, leftOut: 1 }),
    startedAt: new Date("2026-03-04T00:00:00Z"),
    finishedAt: new Date("2026-03-04T00:10:00Z"),
  };
}

function plus(tally: Tally, states: Tally["states"]): Tally {
  return { ...tally, states: addTallies(tally, { ...noManifests, states }).states };
}

const lease = { holder: "a", message: "b", until: since };

const states: readonly ImageState[] = [
  { kind: "waiting", since, reason: "pushed" },
  { kind: "scanning", since, reason: "due", lease },
  { kind: "scanned", since },
  { kind: "expanded", since, manifests: [aDigest()] },
  { kind: "gone", since },
  ...unscannableReasons.map((reason) => ({ kind: "unscannable", since, reason, detail: "" }) as const),
  ...failureClasses.map((failure) => ({ kind: "failed", since, failure, attempts: 5, detail: "" }) as const),
];

const scanned = tallyOf(anImageRecord(), "there", true);

const manifest = fc
  .record({
    repository: fc.nat({ max: 12 }).map(repositoryNumber),
    state: fc.constantFrom(...states),
    presence: fc.constantFrom("there", "missing", "unreadable", "notAsked"),
    isWatched: fc.boolean(),
  })
  .map(({ repository, state, presence, isWatched }) => ({
    repository,
    tally: tallyOf(anImageRecord({ state }), presence, isWatched),
  }));

function repositoryNumber(number: number): Repository {
  return parseRepository(`team/app-${number.toString().padStart(5, "0")}`);
}
