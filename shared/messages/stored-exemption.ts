import * as z from "zod";
import { justifications } from "../domain/exemption.ts";
import type { KeptExemption } from "../ports/exemption-store.ts";
import { Digest, Instant } from "./reference-schema.ts";
import { parseStored, toStored } from "./stored-document.ts";

export function toStoredExemption(kept: KeptExemption): object {
  return toStored(kept);
}

export function parseStoredExemption(document: unknown, id: string): KeptExemption {
  return parseStored(StoredExemption, document, `exemption ${id}`);
}

const StoredExemption = z.object({
  exemption: z.object({
    id: z.string(),
    scope: z.object({
      vulnerability: z.string().optional(),
      package: z.string().optional(),
      repository: z.string().optional(),
      digest: Digest.optional(),
      platform: z.string().optional(),
    }),
    owner: z.string(),
    reason: z.string(),
    createdAt: Instant.optional(),
    until: Instant.optional(),
    source: z.enum(["file", "api", "vex"]),
    verdict: z
      .discriminatedUnion("status", [
        z.object({ status: z.literal("fixed") }),
        z.object({ status: z.literal("not_affected"), justification: z.enum(justifications).optional() }),
      ])
      .optional(),
  }),
  savedAt: Instant,
  document: z.string().optional(),
});
