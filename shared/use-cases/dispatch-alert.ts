import { wants, type AlertTraits } from "../domain/webhook-subscriber.ts";
import { deliverWebhook, type DeliveredWebhook, type DeliverWebhookPorts } from "./deliver-webhook.ts";

/** An alert as it came over the topic. */
export interface PublishedAlert extends AlertTraits {
  readonly id: string;
  /** CloudEvents 1.0 JSON. */
  readonly event: string;
}

/**
 * The first attempt at every subscriber that wants the alert, all at once; what fails goes on by itself through the queue
 * of deliveries. Rejects when even that queue cannot be reached: the alert comes again, to all of them, under its id.
 */
export const dispatchAlert = (ports: DeliverWebhookPorts) => {
  const deliver = deliverWebhook(ports);
  return async (
    { id: alertId, event, ...traits }: PublishedAlert,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, DeliveredWebhook>>> => {
    const wanting = ports.subscribers.filter((subscriber) => wants(subscriber, traits));
    const ends = await Promise.allSettled(
      wanting.map(
        async ({ id }) => [id, await deliver({ subscriber: id, alertId, event, attempt: 1 }, signal)] as const,
      ),
    );
    return Object.fromEntries(
      ends.map((end) => {
        if (end.status === "rejected") throw end.reason;
        return end.value;
      }),
    );
  };
};
