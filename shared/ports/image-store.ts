import type { Finding } from "../domain/finding.ts";
import type { ImageId, ImageRecord, ImageState } from "../domain/image-record.ts";
import type { RegistryHost, Repository, Tag } from "../domain/image-reference.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import type { ScanId } from "../domain/scan-report.ts";
import type { Severity } from "../domain/severity.ts";

/**
 * Images, their findings, and what has yet to be told about them (the outbox). One image with its outbox entries is
 * one partition: written in one transaction. Findings are written before the record that points at them, under the id
 * of their scan, and read only through it, so no reader ever sees half a result.
 */
export interface ImageStore {
  readonly read: (id: ImageId) => Promise<Stored<ImageRecord> | undefined>;

  /**
   * Writes the record and adds the outbox entries at once, if the record is still the one that was read: pass its
   * etag, or "new" when there was none. `conflict` means that someone was faster; nothing is written then. An entry
   * whose id is in the outbox already has the same content; whether it is replaced makes no difference.
   */
  readonly write: (
    record: ImageRecord,
    expected: Etag | "new",
    outbox?: readonly OutboxEntry[],
  ) => Promise<{ readonly kind: "written"; readonly etag: Etag } | { readonly kind: "conflict" }>;

  /** Writes all findings of a scan. Repeating it, also after an end half way, gives the same. */
  readonly saveFindings: (image: ImageId, scan: ScanId, findings: readonly Finding[]) => Promise<void>;
  /** In the order in which they were saved. Unknown scans have none. */
  readonly readFindings: (image: ImageId, scan: ScanId) => Promise<readonly Finding[]>;
  /** For scans that a newer one has replaced. */
  readonly removeFindings: (image: ImageId, scan: ScanId) => Promise<void>;

  /** Sorted by registry, repository and digest. */
  readonly list: (filter: ImageFilter, page: PageRequest) => Promise<Page<ImageRecord>>;
  /**
   * Images whose newest scan has a finding of this vulnerability id or alias, sorted like {@link list}. Without those
   * that are gone, or that cannot be judged any more.
   */
  readonly listAffected: (vulnerabilityId: string, page: PageRequest) => Promise<Page<AffectedImage>>;
  /**
   * Records in the states `scanned` and `failed`, last used at or after `usedSince`, last checked at or before
   * `checkedUntil`, the longest unchecked first. Writing what a page showed does not disturb the pages after it.
   */
  readonly listDue: (
    bounds: { readonly usedSince: Date; readonly checkedUntil: Date },
    page: PageRequest,
  ) => Promise<Page<Stored<ImageRecord>>>;

  /**
   * Records that wait or are being scanned although nobody was expected to take longer than until `before`
   * (`expectedUntil`), the longest overdue first. Paged like {@link listDue}.
   */
  readonly listOverdue: (before: Date, page: PageRequest) => Promise<Page<Stored<ImageRecord>>>;

  /** Oldest first. Entries of one image, or of all. */
  readonly pendingOutbox: (limit: number, image?: ImageId) => Promise<readonly OutboxEntry[]>;
  /** Removing what is not there is done already. */
  readonly removeOutbox: (entries: readonly OutboxEntry[]) => Promise<void>;
}

/** Changes with every write. Opaque, in quotes as HTTP and Cosmos write it. */
export type Etag = `"${string}"`;

export interface Stored<T> {
  readonly value: T;
  readonly etag: Etag;
}

/** Everything that is given has to match. */
export interface ImageFilter {
  readonly registry?: RegistryHost | undefined;
  readonly repository?: Repository | undefined;
  readonly tag?: Tag | undefined;
  readonly state?: ImageState["kind"] | undefined;
  /** Has at least one finding at least as severe. */
  readonly severity?: Severity | undefined;
}

export interface PageRequest {
  /** 1 to 500. */
  readonly limit: number;
  /** {@link Page.next} of the page before. Throws {@link InvalidCursorError} when it is not one of ours. */
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Missing on the last page. */
  readonly next?: string | undefined;
}

export interface AffectedImage {
  readonly image: ImageRecord;
  readonly findings: readonly Finding[];
}

export class InvalidCursorError extends Error {
  override name = "InvalidCursorError";

  constructor() {
    super("The cursor is not one that this list gave out. Start again without a cursor.");
  }
}
