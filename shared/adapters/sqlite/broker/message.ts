/** Values that a subscription's filter can compare. Numbers are finite. */
export type ApplicationProperties = Readonly<Record<string, string | number | boolean>>;

export interface OutgoingMessage {
  /** At most 128 characters. A random one is given when missing. */
  readonly messageId?: string;
  /** UTF-8 text, JSON by convention. */
  readonly body: string;
  readonly contentType?: string;
  /** `sys.Label` in SQL filters. */
  readonly subject?: string;
  readonly correlationId?: string;
  readonly to?: string;
  readonly applicationProperties?: ApplicationProperties;
  /** Not delivered before. An instant that has passed means now. */
  readonly scheduledEnqueueAt?: Date;
  /** Counted from the enqueuing (of a scheduled message: from its instant). The entity's default is also the ceiling. */
  readonly timeToLiveMs?: number;
}

/** What received and peeked messages share. */
export interface IncomingMessage {
  /** The path it came from, as declared. */
  readonly entityPath: string;
  /** Unique in the file and growing, not without gaps. A scheduled message gets a new one when it is enqueued. */
  readonly sequenceNumber: number;
  readonly messageId: string;
  readonly body: string;
  readonly contentType?: string;
  readonly subject?: string;
  readonly correlationId?: string;
  readonly to?: string;
  readonly applicationProperties: ApplicationProperties;
  /**
   * Deliveries so far, this one included: 1 at the first delivery, as a Functions trigger sees it, and 0 in a peeked
   * message that was never delivered. (The JavaScript SDK hands out AMQP's count of earlier deliveries, one less.)
   */
  readonly deliveryCount: number;
  readonly enqueuedAt: Date;
  readonly expiresAt?: Date;
  readonly deadLetterReason?: string;
  readonly deadLetterErrorDescription?: string;
}

export interface ReceivedMessage extends IncomingMessage {
  readonly lockToken: string;
  readonly lockedUntil: Date;
}

export interface PeekedMessage extends IncomingMessage {
  /** A locked message is active, as in Service Bus. */
  readonly state: "active" | "scheduled";
  readonly scheduledEnqueueAt?: Date;
}

/** What names a lock: a received message will do. */
export type LockedMessage = Pick<ReceivedMessage, "entityPath" | "sequenceNumber" | "lockToken">;
