import { alertProperties, formatAlertEvent } from "../../messages/alert-event.ts";
import { findingsTopic } from "../../messages/entities.ts";
import type { AlertTopic } from "../../ports/alert-topic.ts";
import { sendEach, type Sender } from "./send-each.ts";

export function brokerAlertTopic(broker: Sender): AlertTopic {
  return {
    publish: async (alerts) => {
      const events = alerts.map((alert) => ({ alert, event: formatAlertEvent(alert) }));
      await sendEach(
        broker,
        findingsTopic,
        events.map(({ alert, event }) => ({
          messageId: alert.id,
          body: event,
          contentType: "application/cloudevents+json",
          subject: alert.kind,
          applicationProperties: alertProperties(alert),
        })),
      );
      return events;
    },
  };
}
