import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { webhookDeliveriesQueue } from "../shared/messages/entities.ts";
import { parseWebhookDelivery } from "../shared/messages/webhook-delivery-message.ts";
import { handleMessage } from "./handle-message.ts";

/** Queue: one more attempt to send an alert to one webhook subscriber. */
app.serviceBusQueue("deliverWebhook", {
  connection: "ServiceBus",
  queueName: webhookDeliveriesQueue,
  handler: (message, context) =>
    handleMessage(message, context, {
      parse: parseWebhookDelivery,
      describe: ({ alertId, subscriber, attempt }) =>
        `alert ${alertId} to ${subscriber}, attempt ${attempt.toString()}`,
      handle: (delivery) => host().deliverWebhook(delivery),
      queue: webhookDeliveriesQueue,
    }),
});
