import { alertProperties, formatAlertEvent } from "../../messages/alert-event.ts";
import { findingsTopic } from "../../messages/entities.ts";
import type { AlertTopic } from "../../ports/alert-topic.ts";
import { sendEach, type Sender } from "./send-each.ts";

export function brokerAlertTopic(broker: Sender): AlertTopic {
  return {
    publish: async (alerts) =>
      sendEach(
        broker,
        findingsTopic,
        alerts.map((alert) => ({
          messageId: alert.id,
          body: formatAlertEvent(alert),
          contentType: "application/cloudevents+json",
          subject: alert.kind,
          applicationProperties: alertProperties(alert),
        })),
      ),
  };
}
