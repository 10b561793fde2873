import type { Alert } from "../domain/alert.ts";

/** The topic `findings`, on which everybody who subscribed hears of changes. */
export interface AlertTopic {
  /**
   * The alert's id is the message's id, so duplicate detection drops the second. When this rejects some may have been
   * published; publishing all again is harmless. Resolves to what subscribers get.
   */
  readonly publish: (alerts: readonly Alert[]) => Promise<readonly AlertEvent[]>;
}

export interface AlertEvent {
  readonly alert: Alert;
  /** CloudEvents 1.0 JSON: a message's body. */
  readonly event: string;
}
