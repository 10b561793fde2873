import type { ImageReference } from "../domain/image-reference.ts";
import type { ScanOutcome } from "../domain/scan-outcome.ts";
import type { DatabaseVersion, Scanner } from "../domain/scan-report.ts";

/** Finds vulnerabilities in images. Bounded in time, memory and disk by its own settings. */
export interface ImageScanner {
  /**
   * Waits for a free slot, scans, and lends the outcome to `use` before the scan's scratch space is removed: what
   * `use` needs of the raw report has to be kept by the time it resolves. Aborting ends the scan as `failed`, `timeout`.
   */
  readonly scan: <Result>(
    image: ImageReference,
    use: (outcome: ScanOutcome) => Promise<Result>,
    signal?: AbortSignal,
  ) => Promise<Result>;
  /** What a scan begun now would use. Undefined while there is no vulnerability database. */
  readonly current: () => Promise<{ readonly scanner: Scanner; readonly database: DatabaseVersion } | undefined>;
  /** An upper bound for one scan, waiting for a slot not counted. */
  readonly longestScanMs: number;
}
