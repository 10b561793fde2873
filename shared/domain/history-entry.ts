import type { ChangeKind } from "./finding-changes.ts";
import type { ImageId } from "./image-record.ts";
import type { DatabaseVersion, ScanId, Scanner } from "./scan-report.ts";
import type { ScanReason } from "./scan-request.ts";
import type { SeverityCounts } from "./severity.ts";

/**
 * What became known of an image at one instant. Written in the transaction that makes it true, never changed
 * afterwards. The transitions themselves are kept apart, under the entry's id: the first scan may have 20,000.
 */
export interface HistoryEntry {
  /** Follows from the image and the cause, so a replay is the same entry. */
  readonly id: string;
  readonly image: ImageId;
  /** Later than the entry before. */
  readonly at: Date;
  readonly cause: HistoryCause;
  readonly changes: Readonly<Partial<Record<ChangeKind, number>>>;
  /** Open and not exempted after it. */
  readonly counts: SeverityCounts;
  /** Exempted after it. */
  readonly exempted: number;
}

export type HistoryCause =
  | {
      readonly kind: "scan";
      readonly scan: ScanId;
      readonly reason: ScanReason;
      readonly scanner: Scanner;
      readonly database: DatabaseVersion;
    }
  /** Exemptions began to apply or ended. */
  | { readonly kind: "exemptions" }
  /** The registry no longer has the image. */
  | { readonly kind: "gone" };
