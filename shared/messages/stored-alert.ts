import { z } from "zod";

import type { Alert } from "../domain/alert.ts";
import { changeKinds } from "../domain/finding-changes.ts";
import { ImageReference, Instant, Tag } from "./reference-schema.ts";
import { StoredFinding } from "./stored-finding.ts";
import {
  StoredDatabaseVersion,
  StoredFailureClass,
  StoredPlatform,
  StoredScanner,
  StoredScanReason,
  StoredSeverity,
  StoredSeverityCounts,
  StoredUnscannableReason,
} from "./stored-scan.ts";

const StoredChangeKind = z.enum(changeKinds);

const aboutImage = {
  id: z.string(),
  occurredAt: Instant,
  image: ImageReference,
  tags: z.array(Tag),
  platform: StoredPlatform.optional(),
};

const StoredAlertedScan = z.object({
  id: z.string(),
  scannedAt: Instant,
  reason: StoredScanReason,
  scanner: StoredScanner,
  database: StoredDatabaseVersion,
  endOfLife: z.boolean(),
});

const count = z.int().nonnegative();

export const StoredAlert = z.discriminatedUnion("kind", [
  z.object({
    ...aboutImage,
    kind: z.literal("findings.changed"),
    part: z.int(),
    parts: z.int(),
    scan: StoredAlertedScan,
    changes: z.partialRecord(StoredChangeKind, count),
    counts: StoredSeverityCounts,
    highestSeverity: StoredSeverity,
    fixAvailable: z.boolean(),
    findings: z.array(
      StoredFinding.pick({
        ...{ id: true, vulnerabilityId: true, aliases: true, package: true, severity: true, status: true },
        ...{ fixedVersion: true, title: true, primaryUrl: true, remediation: true },
      }).extend({
        change: StoredChangeKind,
        previousSeverity: StoredSeverity.optional(),
        cvssScore: z.number().optional(),
      }),
    ),
  }),
  z.object({
    ...aboutImage,
    kind: z.literal("scan.completed"),
    scan: StoredAlertedScan,
    counts: StoredSeverityCounts,
  }),
  z.object({
    ...aboutImage,
    kind: z.literal("scan.failed"),
    failure: StoredFailureClass,
    detail: z.string(),
    attempts: z.int(),
  }),
  z.object({
    ...aboutImage,
    kind: z.literal("image.unscannable"),
    reason: StoredUnscannableReason,
    detail: z.string(),
  }),
  z.object({ ...aboutImage, kind: z.literal("image.gone") }),
]) satisfies z.ZodType<Alert>;
