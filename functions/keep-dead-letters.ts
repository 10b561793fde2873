import { app, type ServiceBusQueueHandler } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { deathOfMessage } from "../shared/messages/death-of-message.ts";
import {
  deadLetterQueueOf,
  findingsTopic,
  sbomRequestsQueue,
  scanRequestsQueue,
  webhookDeliveriesQueue,
  webhooksSubscription,
} from "../shared/messages/entities.ts";
import { keptText } from "../shared/messages/json-text.ts";
import type { DeadLetterOrigin } from "../shared/ports/dead-letters.ts";

const connection = "ServiceBus";

/** Dead-letter queues: what a function failed at too often, kept with the other dead letters under that function's name. */
app.serviceBusQueue("keepDeadScanRequests", {
  connection,
  queueName: deadLetterQueueOf(scanRequestsQueue),
  handler: keep("scanImage", { kind: "queue", queue: scanRequestsQueue }),
});

app.serviceBusQueue("keepDeadSbomRequests", {
  connection,
  queueName: deadLetterQueueOf(sbomRequestsQueue),
  handler: keep("storeSbom", { kind: "queue", queue: sbomRequestsQueue }),
});

app.serviceBusQueue("keepDeadWebhookDeliveries", {
  connection,
  queueName: deadLetterQueueOf(webhookDeliveriesQueue),
  handler: keep("deliverWebhook", { kind: "queue", queue: webhookDeliveriesQueue }),
});

app.serviceBusTopic("keepDeadAlerts", {
  connection,
  topicName: findingsTopic,
  subscriptionName: deadLetterQueueOf(webhooksSubscription),
  handler: keep("dispatchAlert", { kind: "alert" }),
});

function keep(source: string, origin: DeadLetterOrigin): ServiceBusQueueHandler {
  return async (message, context) => {
    const { reason, detail } = deathOfMessage(context.triggerMetadata);
    const body = typeof message === "string" ? message : keptText(message);
    await host().addDeadLetter({ source, reason, detail, body, origin });
    context.error(`A message for ${source} was put aside (${reason}): ${detail}`);
  };
}
