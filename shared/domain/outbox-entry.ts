import type { Alert } from "./alert.ts";
import type { ImageId } from "./image-record.ts";
import type { ScanId } from "./scan-report.ts";

/** Something that has to be told, stored with the change that caused it and published later, perhaps twice. */
export type OutboxEntry =
  | {
      readonly kind: "alert";
      /** The alert's id: consumers and the topic's duplicate detection know the second by it. */
      readonly id: string;
      readonly image: ImageId;
      readonly createdAt: Date;
      readonly alert: Alert;
    }
  | {
      /** Alerts that are too many for the transaction: saved as a blob before it, removed once they are published. */
      readonly kind: "storedAlerts";
      /** The first one's. */
      readonly id: string;
      readonly image: ImageId;
      readonly createdAt: Date;
      readonly blob: string;
    }
  | {
      readonly kind: "sbom";
      readonly id: string;
      readonly image: ImageId;
      readonly createdAt: Date;
      readonly scan: ScanId;
    };
