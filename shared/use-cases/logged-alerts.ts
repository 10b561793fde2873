import type { AlertLog } from "../ports/alert-log.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { Clock } from "../ports/clock.ts";

/**
 * The topic, and a log of what went over it. Rejects when the log cannot be written, so that whoever publishes does it
 * again, under the same ids: an alert that is told is also in the log.
 */
export function loggedAlerts(topic: AlertTopic, log: AlertLog, clock: Clock): AlertTopic {
  return {
    publish: async (alerts) => {
      const events = await topic.publish(alerts);
      await log.add(events, clock.now());
      return events;
    },
  };
}
