import * as z from "zod";
import type { WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import { PageQuery, parseQuery, type Query } from "./api-requests.ts";

/** Of GET /api/webhooks/{id}/deliveries. */
export function parseDeliveryQuery(query: Query) {
  const { alert: alertId, ...page } = parseQuery(DeliveryQuery, query);
  return { alertId, page };
}

/** The server only: for many receivers the rest of the address is as good as a password. */
export function toWebhookJson({ id, url, kinds, minimumSeverity }: WebhookSubscriber): object {
  return { id, server: url.origin, kinds, minimumSeverity };
}

const DeliveryQuery = PageQuery.extend({ alert: z.string().min(1).max(128).optional() });
