import type { ImageAlert } from "./alert.ts";
import type { Digest } from "./digest.ts";
import type { ImageId } from "./image-record.ts";
import type { ScanId } from "./scan-report.ts";

/** Something that has to be told, stored with the change that caused it and published later, perhaps twice. */
export type OutboxEntry = AlertEntry | SbomEntry;

export type AlertEntry =
  | (AboutAlerts & {
      readonly kind: "alert";
      readonly alert: ImageAlert;
    })
  | (AboutAlerts & {
      /** Alerts that are too many for the transaction: saved as a blob before it, removed once they are published. */
      readonly kind: "storedAlerts";
      readonly blob: string;
    });

interface AboutAlerts {
  /** The alert's, or the first one's: consumers and the topic's duplicate detection know the second by it. */
  readonly id: string;
  readonly image: ImageId;
  readonly createdAt: Date;
  /**
   * The index, in the image's repository, with whose other platforms it is told. It is published by nobody: once all
   * platforms are settled it becomes part of one alert about the index, and is deleted.
   */
  readonly heldFor?: Digest | undefined;
}

export interface SbomEntry {
  readonly kind: "sbom";
  readonly id: string;
  readonly image: ImageId;
  readonly createdAt: Date;
  readonly scan: ScanId;
}
