import type { RegistryEvent } from "../domain/registry-event.ts";
import type { DeadLetterOrigin } from "../ports/dead-letters.ts";
import { parseDistributionEvent } from "./distribution-notification.ts";
import { parseRegistryEvent } from "./registry-event-message.ts";

export type EventSender = Extract<DeadLetterOrigin, { kind: "event" }>["from"];

/** Undefined for an event that is about nothing of ours. Throws InvalidMessageError. */
export function parseReceivedEvent(raw: unknown, from: EventSender, loginServerSuffix: string) {
  if (from === "distribution") return parseDistributionEvent(raw);
  const event = parseRegistryEvent(raw, loginServerSuffix);
  return event.kind === "other" ? undefined : (event satisfies RegistryEvent);
}
