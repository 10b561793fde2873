import * as z from "zod";
import type { WebhookDelivery } from "../ports/webhook-deliveries.ts";
import { parseWith } from "./invalid-message-error.ts";

/** Body of a message on the queue `webhook-deliveries`. */
export function formatWebhookDelivery(delivery: WebhookDelivery): string {
  return JSON.stringify(delivery);
}

export function parseWebhookDelivery(value: unknown): WebhookDelivery {
  return parseWith(WebhookDeliveryMessage, value, "webhook delivery");
}

const WebhookDeliveryMessage = z.object({
  subscriber: z.string().min(1).max(64),
  alertId: z.string().min(1).max(128),
  event: z.string(),
  attempt: z.int().min(1).max(1000),
});
