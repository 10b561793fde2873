import * as z from "zod";

import { expectedUntil, lastCheckedAt, lastUsedAt, type ImageRecord, type ImageState } from "../domain/image-record.ts";
import { severities, severityRank, type SeverityCounts } from "../domain/severity.ts";
import { Digest, ImageReference, Instant, Tag } from "./reference-schema.ts";
import { parseStored, toStored } from "./stored-document.ts";
import {
  StoredDatabaseVersion,
  StoredFailureClass,
  StoredOperatingSystem,
  StoredPlatform,
  StoredScanner,
  StoredScanReason,
  StoredSeverityCounts,
  StoredUnscannableReason,
} from "./stored-scan.ts";

/** Ready for JSON: the record, and what queries ask for but the record only implies. */
export function toStoredImage(record: ImageRecord) {
  const implied = {
    lastUsedAt: lastUsedAt(record),
    lastCheckedAt: lastCheckedAt(record),
    expectedUntil: expectedUntil(record),
    /** 0 for unknown to 4 for critical; missing when no finding counts. */
    highestSeverity: record.scan === undefined ? undefined : highestRank(record.scan.counts),
  };
  return toStored({ ...record, ...implied }, shape);
}

export function parseStoredImage(document: unknown): ImageRecord {
  return parseStored(StoredImage, document, "image", shape);
}

/** 2: with the set of findings that holds, and how many are exempted. */
const shape = 2;

function highestRank(counts: SeverityCounts): number | undefined {
  const highest = severities.findLast((severity) => counts[severity] > 0);
  return highest === undefined ? undefined : severityRank(highest);
}

const StoredState = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("waiting"),
    since: Instant,
    reason: StoredScanReason,
    putOff: z
      .object({ failure: StoredFailureClass, detail: z.string(), attempts: z.int(), failures: z.int(), until: Instant })
      .optional(),
  }),
  z.object({
    kind: z.literal("scanning"),
    since: Instant,
    reason: StoredScanReason,
    lease: z.object({ holder: z.string(), message: z.string(), until: Instant }),
  }),
  z.object({ kind: z.literal("scanned"), since: Instant }),
  z.object({ kind: z.literal("expanded"), since: Instant, manifests: z.array(Digest) }),
  z.object({
    kind: z.literal("unscannable"),
    since: Instant,
    reason: StoredUnscannableReason,
    detail: z.string(),
  }),
  z.object({
    kind: z.literal("failed"),
    since: Instant,
    failure: StoredFailureClass,
    attempts: z.int(),
    detail: z.string(),
  }),
  z.object({ kind: z.literal("gone"), since: Instant }),
]) satisfies z.ZodType<ImageState>;

const StoredImage = z.object({
  id: z.string(),
  image: ImageReference,
  state: StoredState,
  platform: StoredPlatform.optional(),
  mediaType: z.string().optional(),
  tags: z.array(Tag),
  indexes: z.array(Digest),
  firstSeenAt: Instant,
  lastPushedAt: Instant.optional(),
  lastPulledAt: Instant.optional(),
  announced: z.array(z.string()).optional(),
  lastPuller: z.object({ identity: z.string().optional(), userAgent: z.string().optional() }).optional(),
  goneTold: z.literal(true).optional(),
  scan: z
    .object({
      id: z.string(),
      scannedAt: Instant,
      reason: StoredScanReason,
      scanner: StoredScanner,
      database: StoredDatabaseVersion,
      operatingSystem: StoredOperatingSystem.optional(),
      packageCount: z.int(),
      findings: z.string(),
      changedAt: Instant.optional(),
      counts: StoredSeverityCounts,
      exempted: z.int().nonnegative(),
    })
    .optional(),
}) satisfies z.ZodType<ImageRecord>;
