import { DeadLetterError } from "../domain/failure.ts";
import { wants, type WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import { webhookDeliveriesQueue } from "../messages/entities.ts";
import { InvalidMessageError, parseJson } from "../messages/invalid-message-error.ts";
import { parsePublishedAlert } from "../messages/published-alert.ts";
import { formatWebhookDelivery } from "../messages/webhook-delivery-message.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetters, KeptDeadLetter } from "../ports/dead-letters.ts";
import type { Log } from "../ports/log.ts";
import type { MessageRetries } from "../ports/message-retries.ts";
import { reached } from "../ports/step.ts";
import { acceptReceivedEvent, type AcceptReceivedEventPorts } from "./accept-received-event.ts";

export interface RedriveDeadLetterPorts extends AcceptReceivedEventPorts {
  readonly deadLetters: Pick<DeadLetters, "read" | "remove">;
  readonly messageRetries: MessageRetries;
  readonly subscribers: readonly WebhookSubscriber[];
  readonly clock: Clock;
  readonly log: Log;
}

export type RedrivenLetter =
  | { readonly kind: "sent" }
  /** Sent again or dropped already, or never there. */
  | { readonly kind: "unknown" }
  /** It stays: sending it as things are would only bring it back. */
  | { readonly kind: "refused"; readonly why: string };

/**
 * Sends a dead letter again to where it came from, and then removes it. An end in between leaves it there, and the next
 * call sends the same once more, which its receiver has answered already. Rejects with RetryLaterError when an event
 * cannot be accepted now.
 */
export const redriveDeadLetter = (ports: RedriveDeadLetterPorts) => {
  const send = sendAgain(ports);
  return async (id: string): Promise<RedrivenLetter> => {
    const stored = await ports.deadLetters.read(id);
    if (stored === undefined) return { kind: "unknown" };
    const { source, reason, truncated } = stored.value;
    if (truncated)
      return { kind: "refused", why: "It is too long: only its beginning was kept. Its sender has to repeat it." };
    try {
      await send(stored.value);
    } catch (error) {
      if (error instanceof InvalidMessageError || error instanceof DeadLetterError)
        return { kind: "refused", why: error.message };
      throw error;
    }
    reached("letter-sent-again");
    // One that came again in between stays.
    await ports.deadLetters.remove(id, stored.etag);
    ports.log.info("A dead letter was sent again", { id, source, reason });
    return { kind: "sent" };
  };
};

/** Throws InvalidMessageError or DeadLetterError for what would come back at once. */
function sendAgain(ports: RedriveDeadLetterPorts) {
  const { messageRetries, subscribers, clock } = ports;
  const accept = acceptReceivedEvent(ports);
  const deliver = async (subscriber: string, alertId: string, event: string) =>
    messageRetries.sendAgain(
      webhookDeliveriesQueue,
      formatWebhookDelivery({ subscriber, alertId, event, attempt: 1 }),
      clock.now(),
    );

  return async ({ origin, body }: KeptDeadLetter): Promise<void> => {
    switch (origin.kind) {
      case "queue":
        return messageRetries.sendAgain(origin.queue, body, clock.now());
      case "event":
        await accept(parseJson(body, "registry event"), origin.from);
        return;
      case "webhook":
        if (!subscribers.some(({ id }) => id === origin.subscriber))
          throw new DeadLetterError("unknown-webhook", `There is no webhook ${origin.subscriber} in the settings.`);
        return deliver(origin.subscriber, origin.alertId, body);
      case "alert": {
        const { id: alertId, event, ...traits } = parsePublishedAlert(parseJson(body, "alert event"));
        const wanting = subscribers.filter((subscriber) => wants(subscriber, traits));
        for (const { id } of wanting) await deliver(id, alertId, event);
      }
    }
  };
}
