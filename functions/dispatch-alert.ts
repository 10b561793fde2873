import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { findingsTopic, webhooksSubscription } from "../shared/messages/entities.ts";
import { parsePublishedAlert } from "../shared/messages/published-alert.ts";
import { handleMessage } from "./handle-message.ts";

/** Topic: one alert, sent to each webhook subscriber that wants it. */
app.serviceBusTopic("dispatchAlert", {
  connection: "ServiceBus",
  topicName: findingsTopic,
  subscriptionName: webhooksSubscription,
  handler: (message, context) =>
    handleMessage(message, context, {
      parse: parsePublishedAlert,
      describe: ({ id, kind }) => `alert ${id} (${kind})`,
      handle: (alert) => host().dispatchAlert(alert),
    }),
});
