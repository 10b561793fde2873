import { compareText } from "./compare-text.ts";
import { earlier } from "./earlier.ts";
import { maximumWorst, type PeriodicDigest, type WorstImage } from "./general-alert.ts";
import { lastCheckedAt, type ImageRecord, type ScanSummary } from "./image-record.ts";
import { formatImageReference } from "./image-reference.ts";
import { addSeverities, countSeverities } from "./severity.ts";

/** What a digest says of all images, gathered one by one. */
export type ImagesSummary = Pick<
  PeriodicDigest,
  "images" | "counts" | "exempted" | "baseline" | "oldestCheckAt" | "worst"
>;

export const noImages: ImagesSummary = {
  images: { waiting: 0, scanning: 0, scanned: 0, expanded: 0, unscannable: 0, failed: 0, gone: 0 },
  counts: countSeverities([]),
  exempted: 0,
  baseline: { images: 0, counts: countSeverities([]) },
  worst: [],
};

/** @param from when the period began */
export function addImage(summary: ImagesSummary, record: ImageRecord, from: Date): ImagesSummary {
  const { kind } = record.state;
  const images = { ...summary.images, [kind]: summary.images[kind] + 1 };
  const scan = standingVerdict(record);
  if (scan === undefined) return { ...summary, images };
  const { baseline } = summary;
  const isBaseline = scan.reason === "discovered" && record.firstSeenAt >= from;
  return {
    images,
    counts: addSeverities(summary.counts, scan.counts),
    exempted: summary.exempted + scan.exempted,
    baseline: isBaseline
      ? { images: baseline.images + 1, counts: addSeverities(baseline.counts, scan.counts) }
      : baseline,
    oldestCheckAt: earlier(summary.oldestCheckAt, lastCheckedAt(record)),
    worst: withImage(summary.worst, record, scan),
  };
}

/** Of an image that is gone, or turned out to be unjudgeable, none. */
function standingVerdict({ state, scan }: ImageRecord): ScanSummary | undefined {
  return state.kind === "gone" || state.kind === "unscannable" ? undefined : scan;
}

function withImage(
  worst: readonly WorstImage[],
  { image, tags, platform }: ImageRecord,
  { counts }: ScanSummary,
): readonly WorstImage[] {
  if (counts.critical + counts.high === 0) return worst;
  const all = [...worst, { image, tags: tags.slice(-3), platform, counts }];
  return all.toSorted(compareWorst).slice(0, maximumWorst);
}

function compareWorst(a: WorstImage, b: WorstImage): number {
  return (
    b.counts.critical - a.counts.critical ||
    b.counts.high - a.counts.high ||
    compareText(formatImageReference(a.image), formatImageReference(b.image))
  );
}
