import * as z from "zod";

import type { DeliveryAttempt } from "../ports/delivery-log.ts";
import { Instant } from "./reference-schema.ts";
import { parseStored, toStored } from "./stored-document.ts";

export function toStoredDeliveryAttempt(attempt: DeliveryAttempt): object {
  return toStored(attempt);
}

export function parseStoredDeliveryAttempt(document: unknown): DeliveryAttempt {
  return parseStored(StoredDeliveryAttempt, document, "delivery attempt");
}

const StoredDeliveryAttempt = z.object({
  subscriber: z.string(),
  alertId: z.string(),
  attempt: z.int(),
  at: Instant,
  durationMs: z.number(),
  answer: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("accepted"), status: z.int() }),
    z.object({ kind: z.literal("refused"), status: z.int(), retryAfter: Instant.optional() }),
    z.object({ kind: z.literal("unreachable"), detail: z.string() }),
  ]),
  nextAt: Instant.optional(),
}) satisfies z.ZodType<DeliveryAttempt>;
