import type {
  ApplicationProperties,
  LockedMessage,
  OutgoingMessage,
  PeekedMessage,
  ReceivedMessage,
} from "./message.ts";

/**
 * The embedded message broker. Its promises are those of Azure Service Bus (Standard tier); docs/broker.md lists
 * which of them hold, and the test behind each. Paths are those of Service Bus: a queue's name, a topic's name,
 * `subscriptionPath(topic, name)`, and `deadLetterPath(queueOrSubscriptionPath)`; letter case does not matter.
 * A path that was not declared rejects with EntityNotFoundError, any call after close with BrokerClosedError.
 */
export interface Broker extends MessageSender, MessageReceiver {
  readonly counts: (path: string) => Promise<EntityCounts>;
  /** Ends waiting receivers (they get no messages), writes what was sent, frees the file. Locks end with it. May be called twice. */
  readonly close: () => Promise<void>;
}

export interface MessageSender {
  /**
   * Resolves when all messages are on disk (synced), so an accepted message survives a power cut. All or none are
   * taken; together at most 256 KB. Rejects with MessageRefusedError when a limit is broken.
   * A message whose id was sent within the entity's duplicate detection window is dropped without a word, also when
   * the first one has long been completed: a message that is sent again for a later try needs a new id.
   */
  readonly send: (entity: string, messages: readonly OutgoingMessage[]) => Promise<void>;
  /**
   * Like send, for one common instant. Resolves to the sequence numbers that cancelScheduled takes. It is 0, which never
   * names a message, for a dropped duplicate and for a message enqueued at once because the instant has passed.
   */
  readonly schedule: (entity: string, messages: readonly OutgoingMessage[], at: Date) => Promise<readonly number[]>;
  /** Resolves to false when there is no such scheduled message (any more): it was enqueued, or cancelled before. */
  readonly cancelScheduled: (entity: string, sequenceNumber: number) => Promise<boolean>;
}

export interface MessageReceiver {
  /**
   * Locks up to `maxMessages` messages, oldest first, and returns them as soon as there is one. Resolves to an empty
   * list after `waitMs`, at abort, and at close. The delivery count is on disk before the message is handed out, so a
   * crash counts as a delivery.
   */
  readonly receive: (
    path: string,
    maxMessages: number,
    options?: ReceiveOptions,
  ) => Promise<readonly ReceivedMessage[]>;
  /** What is there, in the order of sequence numbers: waiting, locked and scheduled; nothing is locked or counted. */
  readonly peek: (path: string, options?: PeekOptions) => Promise<readonly PeekedMessage[]>;
  /** Removes the message. Like the three calls below it ends in "lockLost" when the lock has expired or was settled. */
  readonly complete: (message: LockedMessage) => Promise<Settlement>;
  /** Gives the message back at its place in the queue, at once; after the last allowed delivery it becomes a dead letter. */
  readonly abandon: (message: LockedMessage, propertiesToModify?: ApplicationProperties) => Promise<Settlement>;
  /** Refused with DeadLetterRefusedError for a message that comes from a dead-letter queue. */
  readonly deadLetter: (message: LockedMessage, options?: DeadLetterOptions) => Promise<Settlement>;
  /** Resolves to the new end of the lock: now + the entity's lock duration. */
  readonly renewLock: (message: LockedMessage) => Promise<Date | "lockLost">;
}

export type Settlement = "settled" | "lockLost";

export interface ReceiveOptions {
  /** How long to wait for the first message; at once (0) when missing. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface PeekOptions {
  /** 1 when missing. */
  readonly fromSequenceNumber?: number;
  /** 100 when missing. */
  readonly maxMessages?: number;
}

export interface DeadLetterOptions {
  /** A short stable code. */
  readonly reason?: string;
  /** A sentence for a person. Reason and description are cut at 4,096 characters each. */
  readonly errorDescription?: string;
}

/** Of a queue, a subscription or a dead-letter queue; of a topic only `scheduled` can be above 0. */
export interface EntityCounts {
  /** Can be received now. */
  readonly active: number;
  readonly scheduled: number;
  readonly locked: number;
  /** In the entity's dead-letter queue; 0 for a dead-letter queue itself, whose messages are `active` or `locked`. */
  readonly deadLettered: number;
}
