import type { Alert } from "../domain/alert.ts";
import type { ImageId } from "../domain/image-record.ts";
import type { AlertEvent } from "./alert-topic.ts";
import type { Page, PageRequest } from "./image-store.ts";

/** Every alert that was published, as it was published, until retention takes it away. */
export interface AlertLog {
  /** An alert whose id is there already stays as and where it is. */
  readonly add: (events: readonly AlertEvent[], publishedAt: Date) => Promise<void>;
  /** In the order of publication, newest last. */
  readonly list: (filter: AlertFilter, page: PageRequest) => Promise<Page<PublishedEvent>>;
  /** The oldest of those published before that instant. Resolves to how many they were. */
  readonly removeOlder: (before: Date, limit: number) => Promise<number>;
}

/** Everything that is given has to match. */
export interface AlertFilter {
  readonly image?: ImageId | undefined;
  readonly kind?: Alert["kind"] | undefined;
  /** Published at or after it. */
  readonly since?: Date | undefined;
}

export interface PublishedEvent {
  readonly publishedAt: Date;
  /** CloudEvents 1.0 JSON, byte for byte as it was published. */
  readonly event: string;
}
