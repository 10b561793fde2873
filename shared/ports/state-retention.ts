import type { HistoryEntry } from "../domain/history-entry.ts";
import type { ImageId, ImageRecord } from "../domain/image-record.ts";
import type { ScanId } from "../domain/scan-report.ts";
import type { Etag, Stored } from "./image-store.ts";

/** What retention asks of the state beside its logs. Every removal looks once more, in its own transaction. */
export interface StateRetention {
  /** Images that are gone since before that instant, about which nothing has to be told any more. */
  readonly listGone: (before: Date, limit: number) => Promise<readonly Stored<ImageRecord>[]>;
  /** With findings and history. False when it is no longer what was read, or there is something to tell. */
  readonly removeImage: (image: ImageId, etag: Etag) => Promise<boolean>;

  /** Images with more than one entry in their history before that instant. */
  readonly listLongHistories: (before: Date, limit: number) => Promise<readonly ImageId[]>;
  /** Puts an entry, whose transitions have been saved, in the place of those named. False when one is not there. */
  readonly replaceHistory: (summedUp: HistoryEntry, entries: readonly string[]) => Promise<boolean>;

  /** Those of the scans that an image points at which is not gone. */
  readonly pointedAt: (scans: readonly ScanId[]) => Promise<ReadonlySet<ScanId>>;
  /** Whether an entry of the outbox that has yet to be told needs this blob. */
  readonly isToBeTold: (blob: string) => Promise<boolean>;
}
