import type { EntityDeclarations } from "../../adapters/sqlite/broker/entities.ts";
import {
  findingsTopic,
  sbomRequestsQueue,
  scanRequestsQueue,
  webhookDeliveriesQueue,
  webhooksSubscription,
} from "../../messages/entities.ts";

const minutes = 60_000;

/** The queues and the topic as they are created on Service Bus, too. */
export const brokerEntities: EntityDeclarations = {
  queues: [
    // The host renews locks while a function runs, so the duration only matters after a crash.
    { name: scanRequestsQueue, lockDurationMs: 5 * minutes, duplicateDetectionWindowMs: 10 * minutes },
    { name: sbomRequestsQueue, lockDurationMs: 5 * minutes, duplicateDetectionWindowMs: 10 * minutes },
    { name: webhookDeliveriesQueue, lockDurationMs: minutes, duplicateDetectionWindowMs: 10 * minutes },
  ],
  topics: [
    {
      name: findingsTopic,
      duplicateDetectionWindowMs: 10 * minutes,
      subscriptions: [{ name: webhooksSubscription, lockDurationMs: minutes }],
    },
  ],
};
