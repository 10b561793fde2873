import * as z from "zod";
import { parseWith } from "./invalid-message-error.ts";
import { Instant } from "./reference-schema.ts";
import { StoredSeverityCounts } from "./stored-scan.ts";

/** What timers remember of their last alert (ports/checkpoints.ts). */

export function parseStaleCheckpoint(value: unknown) {
  return parseWith(StaleCheckpoint, value, "checkpoint of the stale database");
}

const StaleCheckpoint = z.object({ digest: z.string(), day: z.string() });

export function parseDigestCheckpoint(value: unknown) {
  return parseWith(DigestCheckpoint, value, "checkpoint of the digest");
}

const count = z.int().nonnegative();

const DigestCheckpoint = z.object({
  /** The end of the last period. */
  until: Instant,
  /** Missing until the first digest. */
  totals: z
    .object({
      images: z.object({
        ...{ waiting: count, scanning: count, scanned: count, expanded: count, unscannable: count, failed: count },
        gone: count,
      }),
      counts: StoredSeverityCounts,
      exempted: count,
    })
    .optional(),
});
