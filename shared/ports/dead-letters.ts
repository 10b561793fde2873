import type { Etag, Page, PageRequest, Stored } from "./image-store.ts";

/**
 * Messages and events that no retry could cure, kept until a person sends them again or drops them, so that nothing is
 * lost without a word.
 */
export interface DeadLetters {
  /** The same source, reason, origin and body again is one letter, counted. */
  readonly add: (letter: DeadLetter, at: Date) => Promise<void>;
  /** Newest first, by {@link KeptDeadLetter.lastAt}. Without bodies. */
  readonly list: (filter: DeadLetterFilter, page: PageRequest) => Promise<Page<DeadLetterHead>>;
  readonly read: (id: string) => Promise<Stored<KeptDeadLetter> | undefined>;
  /** Removes the letter if it is still the one that was read. False when it came again meanwhile, or is not there. */
  readonly remove: (id: string, etag: Etag) => Promise<boolean>;
  /** Those that came last before that instant, the oldest first. Resolves to how many they were. */
  readonly removeOlder: (before: Date, limit: number) => Promise<number>;
}

export interface DeadLetter {
  /** Function that could not go on. */
  readonly source: string;
  /** Short stable code: invalid-event, unknown-registry, … */
  readonly reason: string;
  /** A sentence for a person. */
  readonly detail: string;
  /** As it came, so that it can be sent again. The first 256 KiB are kept: no message is longer. */
  readonly body: string;
  readonly origin: DeadLetterOrigin;
}

/** What the body is, and where it goes when it is sent again. */
export type DeadLetterOrigin =
  /** A message of this queue. */
  | { readonly kind: "queue"; readonly queue: string }
  /** A message of the subscription of the webhooks: one alert for all of them. */
  | { readonly kind: "alert" }
  /** One event of Azure Container Registry, or one out of a notification of a CNCF distribution registry. */
  | { readonly kind: "event"; readonly from: "eventGrid" | "distribution" }
  /** An alert that one webhook did not accept. */
  | { readonly kind: "webhook"; readonly subscriber: string; readonly alertId: string };

export interface KeptDeadLetter extends DeadLetter {
  /** Follows from source, reason, origin and body. */
  readonly id: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** How often it came, where a crash may count one twice. */
  readonly count: number;
  /** The end of the body is missing, so it cannot be sent again. */
  readonly truncated: boolean;
}

export type DeadLetterHead = Omit<KeptDeadLetter, "body">;

/** Everything that is given has to match. */
export interface DeadLetterFilter {
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
}
