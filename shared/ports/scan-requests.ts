import type { ScanRequest } from "../domain/scan-request.ts";

/** The queue of images to be scanned. */
export interface ScanRequests {
  /**
   * A request that was sent before, within the queue's duplicate detection window, is dropped. When this rejects some may
   * have been sent; sending all again is harmless.
   * @param notBefore delivered at this instant at the earliest
   */
  readonly send: (requests: readonly ScanRequest[], notBefore?: Date) => Promise<void>;
}
