import type { InvocationContext } from "@azure/functions";
import { DeadLetterError } from "../shared/domain/failure.ts";
import { host } from "../shared/hosts/current-host.ts";
import { InvalidMessageError } from "../shared/messages/invalid-message-error.ts";
import { keptText } from "../shared/messages/json-text.ts";
import type { EventSender } from "../shared/messages/received-event.ts";

/**
 * Accepts an event, or puts it aside with the reason when no retry could help. Either way the sender is done with it;
 * only what may work later is thrown, so that the sender tries again.
 */
export async function acceptOrSetAside(raw: unknown, context: InvocationContext, from: EventSender): Promise<void> {
  try {
    await host().acceptReceivedEvent(raw, from);
  } catch (error) {
    if (!(error instanceof InvalidMessageError || error instanceof DeadLetterError)) throw error;
    const reason = error instanceof DeadLetterError ? error.reason : "invalid-event";
    context.warn(`An event was put aside (${reason}): ${error.message}`);
    await host().addDeadLetter({
      source: context.functionName,
      reason,
      detail: error.message,
      body: keptText(raw),
      origin: { kind: "event", from },
    });
  }
}
