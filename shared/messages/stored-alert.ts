import * as z from "zod";

import type { AlertedPlatform, ImageAlert } from "../domain/alert.ts";
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

const StoredAlertedPlatform = z.object({
  image: ImageReference,
  platform: StoredPlatform.optional(),
  scan: StoredAlertedScan,
  counts: StoredSeverityCounts,
  exempted: count,
}) satisfies z.ZodType<AlertedPlatform>;

/** Version 0.1 wrote neither exemptions nor causes. */
const judged = {
  scan: StoredAlertedScan,
  counts: StoredSeverityCounts,
  exempted: count.default(0),
  platforms: z.array(StoredAlertedPlatform).optional(),
};

/** Alerts that are about an image: no others are stored. */
export const StoredAlert = z.discriminatedUnion("kind", [
  z.object({
    ...aboutImage,
    kind: z.literal("findings.changed"),
    cause: z.enum(["scan", "exemptions"]).default("scan"),
    part: z.int(),
    parts: z.int(),
    ...judged,
    changes: z.partialRecord(StoredChangeKind, count),
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
        exemption: z.string().optional(),
        platforms: z.array(z.string()).optional(),
      }),
    ),
  }),
  z.object({
    ...aboutImage,
    kind: z.literal("scan.completed"),
    ...judged,
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
]) satisfies z.ZodType<ImageAlert>;
