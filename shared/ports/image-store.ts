import type { FindingChange } from "../domain/finding-changes.ts";
import type { HistoryEntry } from "../domain/history-entry.ts";
import type { FindingsId, ImageId, ImageRecord, ImageState } from "../domain/image-record.ts";
import type { RegistryHost, Repository, Tag } from "../domain/image-reference.ts";
import type { AlertEntry, OutboxEntry } from "../domain/outbox-entry.ts";
import type { Severity } from "../domain/severity.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";

/**
 * Images, their findings, what became known of them when (the history), and what has yet to be told about them (the
 * outbox). All of one image is one partition: its record, an entry of its history and its outbox entries are written in
 * one transaction. Findings and transitions are written before the record and the entry that point at them, under an id
 * of their own, and read only through those, so no reader ever sees half a result.
 */
export interface ImageStore {
  readonly read: (id: ImageId) => Promise<Stored<ImageRecord> | undefined>;

  /**
   * Writes the record and adds the outbox entries and the history entry at once, if the record is still the one that
   * was read: pass its etag, or "new" when there was none. `conflict` means that someone was faster; nothing is written
   * then. What is there already under the id of an entry stays as it is. Entries that are `replaced` have to be there.
   */
  readonly write: (
    record: ImageRecord,
    expected: Etag | "new",
    also?: {
      readonly outbox?: readonly OutboxEntry[];
      readonly replaced?: readonly OutboxEntry[];
      readonly history?: HistoryEntry | undefined;
    },
  ) => Promise<{ readonly kind: "written"; readonly etag: Etag } | { readonly kind: "conflict" }>;

  /** Writes a whole set of findings. Repeating it, also after an end half way, gives the same. */
  readonly saveFindings: (image: ImageId, id: FindingsId, findings: readonly TrackedFinding[]) => Promise<void>;
  /** In the order in which they were saved. Unknown sets have none. */
  readonly readFindings: (image: ImageId, id: FindingsId) => Promise<readonly TrackedFinding[]>;
  /** For sets that the record no longer points at, or never did. */
  readonly removeFindings: (image: ImageId, id: FindingsId) => Promise<void>;

  /** Writes all that a history entry changed, without descriptions and references. Repeating it gives the same. */
  readonly saveTransitions: (image: ImageId, entry: string, changes: readonly FindingChange[]) => Promise<void>;
  /** In the order in which they were saved. Unknown entries have none. */
  readonly readTransitions: (image: ImageId, entry: string) => Promise<readonly FindingChange[]>;
  /** Oldest first; only what was written together with a record. */
  readonly listHistory: (image: ImageId, page: PageRequest) => Promise<Page<HistoryEntry>>;
  /**
   * Removes sets of findings, and of transitions, that were saved before `savedBefore` and that no record and no entry
   * points at: what crashes and lost races left. Take a time by which whoever saved them has written the record, or never
   * will. The oldest first; resolves to how many they were.
   */
  readonly removeStrays: (savedBefore: Date, limit: number) => Promise<number>;

  /** Sorted by registry, repository and digest. */
  readonly list: (filter: ImageFilter, page: PageRequest) => Promise<Page<ImageRecord>>;
  /**
   * Images with findings of this vulnerability id or alias that have not ended, sorted like {@link list}. Without
   * images that are gone, or that cannot be judged any more.
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

  /** Oldest first: entries of one image, or of all, that are not held. */
  readonly pendingOutbox: (limit: number, image?: ImageId) => Promise<readonly OutboxEntry[]>;
  /** Oldest first: entries of one image, or of all, that are held. */
  readonly heldOutbox: (limit: number, image?: ImageId) => Promise<readonly AlertEntry[]>;
  /** For entries that were published, or told as part of another. What is not there is done already. */
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
  readonly findings: readonly TrackedFinding[];
}

export class InvalidCursorError extends Error {
  override name = "InvalidCursorError";

  constructor() {
    super("The cursor is not one that this list gave out. Start again without a cursor.");
  }
}
