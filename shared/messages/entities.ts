/** Queues, topic and subscription, named alike in functions/, in the embedded broker and in infra/. */
export const scanRequestsQueue = "scan-requests";
export const sbomRequestsQueue = "sbom-requests";
export const webhookDeliveriesQueue = "webhook-deliveries";
export const findingsTopic = "findings";
export const webhooksSubscription = "webhooks";

/** Where Service Bus puts what was delivered too often, or too old: beside each queue and each subscription. */
export function deadLetterQueueOf(queueOrSubscription: string): string {
  return `${queueOrSubscription}/$DeadLetterQueue`;
}
