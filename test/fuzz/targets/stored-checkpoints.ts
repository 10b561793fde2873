import { countSeverities } from "../../../shared/domain/severity.ts";
import { parseDigestCheckpoint, parseStaleCheckpoint } from "../../../shared/messages/announced-checkpoints.ts";
import { parseStoredCheckpoint, toStoredCheckpoint } from "../../../shared/messages/stored-checkpoint.ts";
import { parseAnnounced, parseReview } from "../../../shared/messages/stored-review.ts";
import { storedTarget, type StoredKind } from "../stored-target.ts";

/** A checkpoint is a value of whoever keeps its place there, in a document. */
function checkpoint(samples: readonly unknown[], parse: (value: unknown) => unknown): StoredKind {
  return {
    samples: samples.map(toStoredCheckpoint),
    comeBack: (document) => toStoredCheckpoint(parse(parseStoredCheckpoint(document, "any"))),
  };
}

const mark = { id: "one", version: "0123456789abcdef", vulnerability: "CVE-2026-1" };
const images = { waiting: 1, scanning: 0, scanned: 5, expanded: 0, unscannable: 0, failed: 0, gone: 2 };

export const target = storedTarget("documents of the store: checkpoints of reviews, announcements and digests", [
  checkpoint(
    [
      { again: [] },
      {
        reviewed: [mark],
        work: { target: [mark, { id: "*", version: "1" }], scope: ["CVE-2026-1"], place: { index: 0, cursor: "eyJ9" } },
        again: ["0".repeat(32)],
      },
      { work: { target: [], scope: "everything", place: { index: 0 } }, again: [] },
    ],
    parseReview,
  ),
  checkpoint([{ announced: ["0".repeat(32)] }], (value) => ({ announced: parseAnnounced(value) })),
  checkpoint([{ digest: "sha256:a", day: "2026-11-21" }], parseStaleCheckpoint),
  checkpoint(
    [
      { until: "2026-11-16T06:00:00.000Z" },
      { until: "2026-11-16T06:00:00.000Z", totals: { images, counts: countSeverities(["high"]), exempted: 1 } },
    ],
    parseDigestCheckpoint,
  ),
]);
