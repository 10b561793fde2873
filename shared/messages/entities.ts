/** Queues, topic and subscription, named alike in functions/, in the embedded broker and in infra/. */
export const scanRequestsQueue = "scan-requests";
export const sbomRequestsQueue = "sbom-requests";
export const webhookDeliveriesQueue = "webhook-deliveries";
/** A queue of our own: a Functions trigger cannot put a message aside with a reason before all its deliveries are used up. */
export const deadLettersQueue = "dead-letters";
export const findingsTopic = "findings";
export const webhooksSubscription = "webhooks";
