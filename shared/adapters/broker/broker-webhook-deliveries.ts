import { contentId } from "../../domain/content-id.ts";
import { webhookDeliveriesQueue } from "../../messages/entities.ts";
import { formatWebhookDelivery } from "../../messages/webhook-delivery-message.ts";
import type { WebhookDeliveries } from "../../ports/webhook-deliveries.ts";
import { sendEach, type Sender } from "./send-each.ts";

export function brokerWebhookDeliveries(broker: Sender): WebhookDeliveries {
  return {
    send: async (deliveries, notBefore) =>
      sendEach(
        broker,
        webhookDeliveriesQueue,
        deliveries.map((delivery) => ({
          messageId: contentId("delivery", delivery.subscriber, delivery.alertId, delivery.attempt.toString()),
          body: formatWebhookDelivery(delivery),
          ...(notBefore && { scheduledEnqueueAt: notBefore }),
        })),
      ),
  };
}
