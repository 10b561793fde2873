import type { ChangeKind } from "./finding-changes.ts";
import type { Finding } from "./finding.ts";
import type { GeneralAlert } from "./general-alert.ts";
import type { ImageReference, Tag } from "./image-reference.ts";
import type { Platform } from "./platform.ts";
import type { FailureClass, UnscannableReason } from "./scan-outcome.ts";
import type { DatabaseVersion, ScanId, Scanner } from "./scan-report.ts";
import type { ScanReason } from "./scan-request.ts";
import type { Severity, SeverityCounts } from "./severity.ts";

/**
 * What subscribers are told: one message per change of an image, never one per finding. The id follows from the
 * change, so whoever remembers ids sees each change once however often it is sent.
 */
export type Alert = ImageAlert | GeneralAlert;

/** About one image, or an index and its platforms. Goes through the outbox of that image. */
export type ImageAlert = FindingsChanged | ScanCompleted | ScanFailedAlert | ImageUnscannable | ImageGone;

export const alertKinds = [
  "findings.changed",
  "scan.completed",
  "scan.failed",
  "image.unscannable",
  "image.gone",
  "exemption.ending",
  "database.stale",
  "coverage.gap",
  "digest",
] as const satisfies readonly Alert["kind"][];

interface AboutImage {
  readonly id: string;
  readonly occurredAt: Date;
  readonly image: ImageReference;
  readonly tags: readonly Tag[];
  readonly platform?: Platform | undefined;
}

/** What scans say, of one platform or of several of an index. */
interface Judged {
  /** When it is about several platforms: the newest of theirs. */
  readonly scan: AlertedScan;
  /** Of the findings that are open and not exempted after the change. Of several platforms: their sum. */
  readonly counts: SeverityCounts;
  /** Open findings that are put up with, and are not in {@link counts}. */
  readonly exempted: number;
  /** When {@link AboutImage.image} is an index: its platforms that are told together here. */
  readonly platforms?: readonly AlertedPlatform[] | undefined;
}

/** Part of a set of messages when the changes do not fit into one; part 1 of 1 otherwise. */
export interface FindingsChanged extends AboutImage, Judged {
  readonly kind: "findings.changed";
  /** A scan, or exemptions that began to apply or ended: {@link Judged.scan} is the newest one then. */
  readonly cause: "scan" | "exemptions";
  readonly part: number;
  readonly parts: number;
  /** How many changes of each kind there are, in all parts together. */
  readonly changes: Readonly<Partial<Record<ChangeKind, number>>>;
  /**
   * Among the changed findings, in all parts together; who was told that one opened is told that it is resolved. What
   * was exempted is left out: `unknown` when nothing else changed.
   */
  readonly highestSeverity: Severity;
  /** One of the changed findings that are open, and not exempted, can be mended by an upgrade. */
  readonly fixAvailable: boolean;
  readonly findings: readonly AlertedFinding[];
}

/** What one needs to decide and to act. An alert travels through three queues, so the rest is left to the API. */
export interface AlertedFinding extends Pick<
  Finding,
  | "id"
  | "vulnerabilityId"
  | "aliases"
  | "package"
  | "severity"
  | "status"
  | "fixedVersion"
  | "title"
  | "primaryUrl"
  | "remediation"
> {
  readonly change: ChangeKind;
  readonly previousSeverity?: Severity | undefined;
  /** Base score, 0.0 to 10.0. */
  readonly cvssScore?: number | undefined;
  /** Id of the exemption that began to apply, or ended, with this change. */
  readonly exemption?: string | undefined;
  /** In an alert about an index: where it changed, as `os/architecture`, or as digest where that is not known. */
  readonly platforms?: readonly string[] | undefined;
}

export interface AlertedPlatform {
  readonly image: ImageReference;
  readonly platform?: Platform | undefined;
  readonly scan: AlertedScan;
  readonly counts: SeverityCounts;
  readonly exempted: number;
}

/** A scan that was asked for or pushed ended and nothing is different, or nothing was found. */
export interface ScanCompleted extends AboutImage, Judged {
  readonly kind: "scan.completed";
}

export interface ScanFailedAlert extends AboutImage {
  readonly kind: "scan.failed";
  readonly failure: FailureClass;
  readonly detail: string;
  readonly attempts: number;
}

export interface ImageUnscannable extends AboutImage {
  readonly kind: "image.unscannable";
  readonly reason: UnscannableReason;
  readonly detail: string;
}

export interface ImageGone extends AboutImage {
  readonly kind: "image.gone";
}

export interface AlertedScan {
  readonly id: ScanId;
  readonly scannedAt: Date;
  readonly reason: ScanReason;
  readonly scanner: Scanner;
  readonly database: DatabaseVersion;
  /** Out of support: findings are missing for certain. */
  readonly endOfLife: boolean;
}
