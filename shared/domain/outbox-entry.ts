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
  /** Published by nobody as long as it is there. */
  readonly held?: Held | undefined;
}

/**
 * Why alerts wait. `forIndex`: for the other platforms of the index, in the image's repository; once all are settled they
 * become part of one alert about the index, and are deleted. `forItself`: for an index that lists the image, since
 * registries announce it later; only while the record lists none, and for seconds.
 */
export type Held = { readonly kind: "forIndex"; readonly index: Digest } | { readonly kind: "forItself" };

export interface SbomEntry {
  readonly kind: "sbom";
  readonly id: string;
  readonly image: ImageId;
  readonly createdAt: Date;
  readonly scan: ScanId;
}
