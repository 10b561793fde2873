import * as z from "zod";

import type { DeadLetterHead, KeptDeadLetter } from "../ports/dead-letters.ts";
import { Instant } from "./reference-schema.ts";
import { parseStored, toStored } from "./stored-document.ts";

export function toStoredDeadLetter(letter: KeptDeadLetter): object {
  return toStored(letter);
}

export function parseStoredDeadLetter(document: unknown): KeptDeadLetter {
  return parseStored(StoredDeadLetter, document, "dead letter");
}

/** The body may be missing from the document. */
export function parseStoredDeadLetterHead(document: unknown): DeadLetterHead {
  return parseStored(StoredDeadLetterHead, document, "dead letter");
}

const StoredDeadLetterHead = z.object({
  id: z.string(),
  source: z.string(),
  reason: z.string(),
  detail: z.string(),
  origin: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("queue"), queue: z.string() }),
    z.object({ kind: z.literal("alert") }),
    z.object({ kind: z.literal("event"), from: z.enum(["eventGrid", "distribution"]) }),
    z.object({ kind: z.literal("webhook"), subscriber: z.string(), alertId: z.string() }),
  ]),
  firstAt: Instant,
  lastAt: Instant,
  count: z.int(),
  truncated: z.boolean(),
}) satisfies z.ZodType<DeadLetterHead>;

const StoredDeadLetter = StoredDeadLetterHead.extend({ body: z.string() }) satisfies z.ZodType<KeptDeadLetter>;
