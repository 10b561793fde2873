import type { SubscriptionFilter } from "./subscription-filter.ts";

/**
 * The queues and topics that exist. Declared anew at each opening: settings may change between two openings, and the
 * messages of an entity that is no longer declared stay in the file until it is declared again.
 */
export interface EntityDeclarations {
  readonly queues?: readonly QueueDeclaration[];
  readonly topics?: readonly TopicDeclaration[];
}

export interface QueueDeclaration extends ReceivingDeclaration {
  readonly duplicateDetectionWindowMs?: number;
}

export interface TopicDeclaration {
  readonly name: string;
  /** From 20 seconds to 7 days; no detection when missing. */
  readonly duplicateDetectionWindowMs?: number;
  readonly defaultTimeToLiveMs?: number;
  readonly subscriptions: readonly SubscriptionDeclaration[];
}

export interface SubscriptionDeclaration extends ReceivingDeclaration {
  /** Every message when missing. */
  readonly filter?: SubscriptionFilter;
}

interface ReceivingDeclaration {
  readonly name: string;
  /** At most 5 minutes. 1 minute when missing, as in Service Bus. */
  readonly lockDurationMs?: number;
  /** 10 when missing, as in Service Bus. */
  readonly maxDeliveryCount?: number;
  /** Also the ceiling for a message's own time to live. Messages live until they are completed when missing. */
  readonly defaultTimeToLiveMs?: number;
  /** Expired messages are dropped when missing or false. */
  readonly deadLetterOnExpiration?: boolean;
}

export function subscriptionPath(topic: string, subscription: string): string {
  return `${topic}/Subscriptions/${subscription}`;
}

export function deadLetterPath(path: string): string {
  return `${path}/$deadletterqueue`;
}
