import { wants, type AlertTraits, type WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import type { WebhookDeliveries } from "../ports/webhook-deliveries.ts";

export interface DispatchAlertPorts {
  readonly subscribers: readonly WebhookSubscriber[];
  readonly deliveries: WebhookDeliveries;
}

/** An alert as it came over the topic. */
export interface PublishedAlert extends AlertTraits {
  readonly id: string;
  /** CloudEvents 1.0 JSON. */
  readonly event: string;
}

/** Gives each subscriber a delivery of its own, so that one that is down delays no other. */
export const dispatchAlert =
  ({ subscribers, deliveries }: DispatchAlertPorts) =>
  async (alert: PublishedAlert): Promise<{ readonly subscribers: number }> => {
    const wanting = subscribers.filter((subscriber) => wants(subscriber, alert));
    await deliveries.send(
      wanting.map(({ id }) => ({ subscriber: id, alertId: alert.id, event: alert.event, attempt: 1 })),
    );
    return { subscribers: wanting.length };
  };
