import { contentId } from "./content-id.ts";
import type { Digest } from "./digest.ts";
import { formatImageReference, type ImageReference, type Tag } from "./image-reference.ts";
import type { Platform } from "./platform.ts";
import type { Puller } from "./registry-event.ts";
import type { FailureClass, UnscannableReason } from "./scan-outcome.ts";
import type { DatabaseVersion, OperatingSystem, ScanId, Scanner } from "./scan-report.ts";
import type { ScanReason } from "./scan-request.ts";
import type { SeverityCounts } from "./severity.ts";

/** All that is known of one manifest, but for its findings. The head document: readers start here. */
export interface ImageRecord {
  readonly id: ImageId;
  readonly image: ImageReference;
  readonly state: ImageState;
  readonly platform?: Platform | undefined;
  readonly mediaType?: string | undefined;
  /** Tags that it was pushed under, newest last, at most {@link maximumTags}. A tag may have moved on since. */
  readonly tags: readonly Tag[];
  /** Indexes that list this manifest, at most {@link maximumTags}. */
  readonly indexes: readonly Digest[];
  readonly firstSeenAt: Date;
  readonly lastPushedAt?: Date | undefined;
  readonly lastPulledAt?: Date | undefined;
  /** Who made {@link lastPulledAt}: why the image counts as in use. */
  readonly lastPuller?: Puller | undefined;
  /** Of an index: ids of the entries of its platforms' outboxes that its last alert told, until they are deleted. */
  readonly announced?: readonly string[] | undefined;
  /** That it is gone has been told, and nothing has shown since that it is there. */
  readonly goneTold?: true | undefined;
  /** The newest scan that succeeded; stays while a newer one waits, runs or fails. */
  readonly scan?: ScanSummary | undefined;
}

export type ImageId = string;

/** Every manifest has exactly one of these. */
export type ImageState =
  | {
      readonly kind: "waiting";
      readonly since: Date;
      readonly reason: ScanReason;
      readonly putOff?: PutOff | undefined;
    }
  | { readonly kind: "scanning"; readonly since: Date; readonly reason: ScanReason; readonly lease: Lease }
  | { readonly kind: "scanned"; readonly since: Date }
  /** An index: its manifests are judged one by one. */
  | { readonly kind: "expanded"; readonly since: Date; readonly manifests: readonly Digest[] }
  | { readonly kind: "unscannable"; readonly since: Date; readonly reason: UnscannableReason; readonly detail: string }
  | {
      readonly kind: "failed";
      readonly since: Date;
      readonly failure: FailureClass;
      readonly attempts: number;
      readonly detail: string;
    }
  | { readonly kind: "gone"; readonly since: Date };

/** Why a scan that was begun, or should have been, still waits. */
export interface PutOff {
  readonly failure: FailureClass;
  readonly detail: string;
  /** So far. */
  readonly attempts: number;
  /** Of those, how many failed by the image's own doing. */
  readonly failures: number;
  /** The next attempt. */
  readonly until: Date;
}

/**
 * The right to scan an image. It may be taken over when it has run out, and at once by the message that holds it: a
 * queue delivers a message again only when the delivery before has ended or lost its lock. The holder is new each time,
 * so that whoever was taken over cannot commit any more.
 */
export interface Lease {
  readonly holder: string;
  /** The message that brought the request, not its content: the same request may be in the queue twice. */
  readonly message: string;
  readonly until: Date;
}

/** Whether nobody has taken the lease over. */
export function holds({ state }: ImageRecord, lease: Lease): boolean {
  return state.kind === "scanning" && state.lease.holder === lease.holder;
}

/** Until when somebody or something is expected to go on with it; undefined when nothing is. */
export function expectedUntil({ state }: ImageRecord): Date | undefined {
  if (state.kind === "waiting") return state.putOff?.until ?? state.since;
  return state.kind === "scanning" ? state.lease.until : undefined;
}

export interface ScanSummary {
  readonly id: ScanId;
  readonly scannedAt: Date;
  readonly reason: ScanReason;
  readonly scanner: Scanner;
  readonly database: DatabaseVersion;
  readonly operatingSystem?: OperatingSystem | undefined;
  readonly packageCount: number;
  /** The set of findings that holds now: this scan's, an older one's when nothing changed, or what became of it since. */
  readonly findings: FindingsId;
  /** Of the newest entry of the history; missing while there is none. */
  readonly changedAt?: Date | undefined;
  /** Of the findings that are open and not exempted. */
  readonly counts: SeverityCounts;
  /** How many findings are open and exempted. */
  readonly exempted: number;
}

/** What a scan says itself; the rest follows from what it meets. */
export type JudgedScan = Omit<ScanSummary, "findings" | "changedAt" | "counts" | "exempted">;

/** Names a set of findings of one image, which never changes once the record points at it. */
export type FindingsId = string;

/** Enough for people; a bound for the document. */
export const maximumTags = 50;

export function imageId(image: ImageReference): ImageId {
  return contentId("image", formatImageReference(image));
}

/** A push or a pull, whichever came last. */
export function lastUsedAt({ lastPushedAt, lastPulledAt }: ImageRecord): Date | undefined {
  if (lastPushedAt === undefined || lastPulledAt === undefined) return lastPushedAt ?? lastPulledAt;
  return lastPushedAt > lastPulledAt ? lastPushedAt : lastPulledAt;
}

/** The newest attempt to judge the image that has ended, well or badly. */
export function lastCheckedAt({ state, scan }: ImageRecord): Date | undefined {
  return state.kind === "failed" ? state.since : scan?.scannedAt;
}
