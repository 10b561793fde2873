import { expect, it } from "vitest";
import type { ImageRecord } from "../../shared/domain/image-record.ts";
import { countSeverities, type Severity } from "../../shared/domain/severity.ts";
import { addImage, noImages, type ImagesSummary } from "../../shared/domain/summarise-images.ts";
import { aDigest, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";

const from = new Date("2026-03-01T00:00:00Z");
const before = new Date("2026-02-01T00:00:00Z");

it("counts every manifest in its state, and the open findings of those that are there and judged", () => {
  const since = from;
  const summary = summarise([
    imageWith("scanned", ["critical", "low"]),
    { ...imageWith("failed", ["high"]), state: { kind: "failed", since, failure: "timeout", attempts: 5, detail: "" } },
    { ...imageWith("gone", ["critical"]), state: { kind: "gone", since } },
    { ...imageWith("unjudgeable", ["critical"]), state: { kind: "unscannable", since, reason: "windows", detail: "" } },
    anImageRecord({ state: { kind: "waiting", since, reason: "pushed" }, scan: undefined }),
  ]);

  expect(summary).toMatchObject({
    images: { scanned: 1, failed: 1, gone: 1, unscannable: 1, waiting: 1, scanning: 0, expanded: 0 },
    counts: { critical: 1, high: 1, low: 1 },
    exempted: 2,
  });
});

it("names the ten images with the most critical findings, the worst first", () => {
  const records = Array.from({ length: 15 }, (_, number) =>
    imageWith(number.toString(), [...Array<Severity>(number).fill("critical"), "high"]),
  );

  const { worst } = summarise(records);

  expect(worst.map(({ counts }) => counts.critical)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
  expect(summarise(records.toReversed()).worst).toEqual(worst);
});

it("names no image that has neither critical nor high findings", () => {
  expect(summarise([imageWith("calm", ["medium"])]).worst).toEqual([]);
});

it("says what the first looks of the period found that were not told", () => {
  const discovered = { ...aScanSummary(), reason: "discovered", counts: countSeverities(["high"]) } as const;
  const summary = summarise([
    anImageRecord({ firstSeenAt: from, scan: discovered }),
    anImageRecord({ firstSeenAt: before, scan: discovered }),
    anImageRecord({ firstSeenAt: from }),
  ]);

  expect(summary.baseline).toEqual({ images: 1, counts: countSeverities(["high"]) });
});

it("knows the oldest check", () => {
  const scans = [from, before].map((scannedAt) => anImageRecord({ scan: aScanSummary({ scannedAt }) }));

  expect(summarise(scans).oldestCheckAt).toEqual(before);
  expect(summarise([]).oldestCheckAt).toBeUndefined();
});

function summarise(records: readonly ImageRecord[]): ImagesSummary {
  return records.reduce((summary, record) => addImage(summary, record, from), noImages);
}

function imageWith(name: string, found: readonly Severity[]): ImageRecord {
  const image = anImage({ digest: aDigest(name) });
  return anImageRecord({ image, scan: aScanSummary({ image, counts: countSeverities(found), exempted: 1 }) });
}
