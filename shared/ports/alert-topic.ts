import type { Alert } from "../domain/alert.ts";

/** The topic `findings`, on which everybody who subscribed hears of changes. */
export interface AlertTopic {
  /**
   * The alert's id is the message's id, so duplicate detection drops the second. When this rejects some may have been
   * published; publishing all again is harmless.
   */
  readonly publish: (alerts: readonly Alert[]) => Promise<void>;
}
