import type { WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import type { Log } from "../ports/log.ts";
import { reached } from "../ports/step.ts";
import type { WebhookDeliveries, WebhookDelivery } from "../ports/webhook-deliveries.ts";
import type { WebhookAnswer, WebhookSender } from "../ports/webhook-sender.ts";

export interface DeliverWebhookPorts {
  readonly subscribers: readonly WebhookSubscriber[];
  readonly sender: WebhookSender;
  readonly deliveries: WebhookDeliveries;
  readonly deadLetters: Pick<DeadLetters, "add">;
  readonly deliveryLog: Pick<DeliveryLog, "add">;
  readonly log: Log;
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
 * that got lost makes the subscriber see the same `webhook-id` again. The attempt is noted afterwards; that it could not
 * be noted changes nothing.
 */
export const deliverWebhook = (ports: DeliverWebhookPorts) => {
  const { subscribers, sender, deliveryLog, clock, log } = ports;
  const goOn = afterRefusal(ports);
  return async (delivery: WebhookDelivery, signal?: AbortSignal): Promise<DeliveredWebhook> => {
    const { alertId, attempt, event } = delivery;
    const subscriber = subscribers.find(({ id }) => id === delivery.subscriber);
    if (subscriber === undefined) return { kind: "noSubscriber" };
    const at = clock.now();
    const { url, secret } = subscriber;
    const answer = await sender.send({ url, secret, id: alertId, sentAt: at, body: event }, signal);
    reached("webhook-sent");
    const durationMs = clock.now().getTime() - at.getTime();
    const delivered: DeliveredWebhook =
      answer.kind === "accepted" ? { kind: "delivered", status: answer.status } : await goOn(delivery, answer, at);

    const nextAt = delivered.kind === "putOff" ? delivered.until : undefined;
    await deliveryLog
      .add({ subscriber: subscriber.id, alertId, attempt, at, durationMs, answer, nextAt })
      .catch((error: unknown) =>
        log.warn("An attempt at a webhook could not be noted", { alertId, error: String(error) }),
      );
    return delivered;
  };
};

type Refusal = Exclude<WebhookAnswer, { kind: "accepted" }>;

const afterRefusal =
  ({ deliveries, deadLetters }: DeliverWebhookPorts) =>
  async (delivery: WebhookDelivery, answer: Refusal, now: Date): Promise<DeliveredWebhook> => {
    const { subscriber, alertId, attempt, event } = delivery;
    const why = describe(answer);
    const until = nextAttemptAt(answer, attempt, now);
    if (until === undefined) {
      const detail = `Webhook ${subscriber} did not accept alert ${alertId}: ${why}`;
      const origin = { kind: "webhook", subscriber, alertId } as const;
      await deadLetters.add({ source: "deliverWebhook", reason: "webhook-given-up", detail, body: event, origin }, now);
      reached("letter-kept");
      return { kind: "givenUp", why };
    }
    await deliveries.send([{ ...delivery, attempt: attempt + 1 }], until);
    return { kind: "putOff", until, why };
  };

/** Waits before attempts 2 to 10: the schedule that Standard Webhooks 1.0 recommends, a little over three days in all. */
const waitSeconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

function nextAttemptAt(answer: Refusal, attempt: number, now: Date) {
  // 410 Gone: the receiver asks not to be called again.
  if (answer.kind === "refused" && answer.status === 410) return undefined;
  const seconds = waitSeconds[attempt - 1];
  if (seconds === undefined) return undefined;
  const scheduled = new Date(now.getTime() + seconds * 1000);
  const asked = answer.kind === "refused" ? answer.retryAfter : undefined;
  return asked !== undefined && asked > scheduled ? asked : scheduled;
}

function describe(answer: Refusal): string {
  return answer.kind === "refused" ? `it answered ${answer.status.toString()}` : answer.detail;
}
