import * as z from "zod";

import type { Platform } from "../domain/platform.ts";
import { failureClasses, unscannableReasons } from "../domain/scan-outcome.ts";
import type { DatabaseVersion, OperatingSystem, Scanner } from "../domain/scan-report.ts";
import { scanReasons } from "../domain/scan-request.ts";
import { severities, type SeverityCounts } from "../domain/severity.ts";
import { Instant } from "./reference-schema.ts";

/** What image records and alerts both tell of a scan. */

export const StoredSeverity = z.enum(severities);

export const StoredScanReason = z.enum(scanReasons);

export const StoredScanner = z.object({ name: z.literal("trivy"), version: z.string() }) satisfies z.ZodType<Scanner>;

export const StoredDatabaseVersion = z.object({
  updatedAt: Instant,
  digest: z.string(),
}) satisfies z.ZodType<DatabaseVersion>;

export const StoredOperatingSystem = z.object({
  family: z.string(),
  name: z.string(),
  endOfLife: z.boolean(),
}) satisfies z.ZodType<OperatingSystem>;

export const StoredPlatform = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
}) satisfies z.ZodType<Platform>;

export const StoredSeverityCounts = z.record(StoredSeverity, z.int().nonnegative()) satisfies z.ZodType<SeverityCounts>;

export const StoredFailureClass = z.enum(failureClasses);

export const StoredUnscannableReason = z.enum(unscannableReasons);
