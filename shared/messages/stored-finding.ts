import * as z from "zod";

import { findingStatuses, type Finding } from "../domain/finding.ts";
import { Digest, Instant } from "./reference-schema.ts";
import { StoredSeverity } from "./stored-scan.ts";

export const StoredFinding = z.object({
  id: z.string(),
  vulnerabilityId: z.string(),
  aliases: z.array(z.string()),
  package: z.object({
    name: z.string(),
    installedVersion: z.string(),
    type: z.string(),
    purl: z.string().optional(),
    path: z.string().optional(),
  }),
  severity: StoredSeverity,
  severitySource: z.string().optional(),
  status: z.enum(findingStatuses),
  fixedVersion: z.string().optional(),
  cvss: z.object({ source: z.string(), score: z.number(), vector: z.string().optional() }).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  primaryUrl: z.string().optional(),
  references: z.array(z.string()),
  publishedAt: Instant.optional(),
  lastModifiedAt: Instant.optional(),
  layer: z.object({ diffId: Digest, digest: Digest.optional(), createdBy: z.string().optional() }).optional(),
  remediation: z.string(),
}) satisfies z.ZodType<Finding>;
