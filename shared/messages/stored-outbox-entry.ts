import * as z from "zod";

import type { OutboxEntry } from "../domain/outbox-entry.ts";
import { Digest, Instant } from "./reference-schema.ts";
import { StoredAlert } from "./stored-alert.ts";
import { parseStored, toStored } from "./stored-document.ts";

/** Ready for JSON. */
export function toStoredOutboxEntry(entry: OutboxEntry) {
  return toStored(entry, 2);
}

export function parseStoredOutboxEntry(document: unknown): OutboxEntry {
  return parseStored(StoredOutboxEntry, document, "outbox entry", 2);
}

const aboutEntry = { id: z.string(), image: z.string(), createdAt: Instant };

const StoredHeld = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("forIndex"), index: Digest }),
  z.object({ kind: z.literal("forItself") }),
]);

const aboutAlerts = { ...aboutEntry, held: StoredHeld.optional() };

const StoredOutboxEntry = z.discriminatedUnion("kind", [
  z.object({ ...aboutAlerts, kind: z.literal("alert"), alert: StoredAlert }),
  z.object({ ...aboutAlerts, kind: z.literal("storedAlerts"), blob: z.string() }),
  z.object({ ...aboutEntry, kind: z.literal("sbom"), scan: z.string() }),
]) satisfies z.ZodType<OutboxEntry>;
