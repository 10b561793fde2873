import * as z from "zod";
import { contentIdPattern } from "../domain/content-id.ts";
import { severities } from "../domain/severity.ts";

/** Parts of published events that several kinds have. */

export const Instant = z.iso.datetime();

export const ContentId = z.string().regex(contentIdPattern);

export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const Severity = z.enum(severities);

export const count = z.int().nonnegative();

export const Counts = z.object({ unknown: count, low: count, medium: count, high: count, critical: count });

export const Image = z.object({
  reference: z.string().describe("registry/repository@digest"),
  registry: z.string(),
  repository: z.string(),
  digest: Digest,
});

export const PlatformName = z.string().describe("os/architecture or os/architecture/variant, where known");

export const Database = z.object({ updatedAt: Instant, digest: z.string() });

export const RegistrySource = z
  .string()
  .regex(/^\/registries\//)
  .describe("/registries/ and the registry's host");
