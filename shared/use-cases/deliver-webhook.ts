import type { WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { WebhookDeliveries, WebhookDelivery } from "../ports/webhook-deliveries.ts";
import type { WebhookAnswer, WebhookSender } from "../ports/webhook-sender.ts";

export interface DeliverWebhookPorts {
  readonly subscribers: readonly WebhookSubscriber[];
  readonly sender: WebhookSender;
  readonly deliveries: WebhookDeliveries;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
}

export type DeliveredWebhook =
  | { readonly kind: "delivered"; readonly status: number }
  | { readonly kind: "putOff"; readonly until: Date; readonly why: string }
  | { readonly kind: "givenUp"; readonly why: string }
  /** The subscriber was taken out of the settings meanwhile. */
  | { readonly kind: "noSubscriber" };

/**
 * Sends one alert to one subscriber, and on failure puts the next attempt into the queue. At least once: an answer
 * that got lost makes the subscriber see the same `webhook-id` again.
 */
export const deliverWebhook =
  ({ subscribers, sender, deliveries, deadLetters, clock }: DeliverWebhookPorts) =>
  async (delivery: WebhookDelivery, signal?: AbortSignal): Promise<DeliveredWebhook> => {
    const subscriber = subscribers.find(({ id }) => id === delivery.subscriber);
    if (subscriber === undefined) return { kind: "noSubscriber" };
    const now = clock.now();
    const { url, secret } = subscriber;
    const answer = await sender.send({ url, secret, id: delivery.alertId, sentAt: now, body: delivery.event }, signal);
    if (answer.kind === "accepted") return { kind: "delivered", status: answer.status };

    const why = describe(answer);
    const until = nextAttemptAt(answer, delivery.attempt, now);
    if (until === undefined) {
      const detail = `Webhook ${subscriber.id} did not accept alert ${delivery.alertId}: ${why}`;
      await deadLetters.add({ source: "deliverWebhook", reason: "webhook-given-up", detail, body: delivery.event });
      return { kind: "givenUp", why };
    }
    await deliveries.send([{ ...delivery, attempt: delivery.attempt + 1 }], until);
    return { kind: "putOff", until, why };
  };

/** Waits before attempts 2 to 10: the schedule that Standard Webhooks 1.0 recommends, a little over three days in all. */
const waitSeconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

function nextAttemptAt(answer: Exclude<WebhookAnswer, { kind: "accepted" }>, attempt: number, now: Date) {
  // 410 Gone: the receiver asks not to be called again.
  if (answer.kind === "refused" && answer.status === 410) return undefined;
  const seconds = waitSeconds[attempt - 1];
  if (seconds === undefined) return undefined;
  const scheduled = new Date(now.getTime() + seconds * 1000);
  const asked = answer.kind === "refused" ? answer.retryAfter : undefined;
  return asked !== undefined && asked > scheduled ? asked : scheduled;
}

function describe(answer: Exclude<WebhookAnswer, { kind: "accepted" }>): string {
  return answer.kind === "refused" ? `it answered ${answer.status.toString()}` : answer.detail;
}
