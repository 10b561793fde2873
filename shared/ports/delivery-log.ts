import type { Page, PageRequest } from "./image-store.ts";
import type { WebhookAnswer } from "./webhook-sender.ts";

/** Every attempt at a webhook, the newest 100,000 of them, until retention takes them away. */
export interface DeliveryLog {
  readonly add: (attempt: DeliveryAttempt) => Promise<void>;
  /** Of one subscriber, newest first; of one alert, where that is given. */
  readonly list: (
    of: { readonly subscriber: string; readonly alertId?: string | undefined },
    page: PageRequest,
  ) => Promise<Page<DeliveryAttempt>>;
  /** The oldest of those made before that instant. Resolves to how many they were. */
  readonly removeOlder: (before: Date, limit: number) => Promise<number>;
}

export interface DeliveryAttempt {
  readonly subscriber: string;
  readonly alertId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly at: Date;
  readonly durationMs: number;
  readonly answer: WebhookAnswer;
  /** When the next one is due. Missing: accepted, or given up. */
  readonly nextAt?: Date | undefined;
}
