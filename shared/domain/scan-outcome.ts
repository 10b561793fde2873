import type { ScanReport } from "./scan-report.ts";

/** Every way in which an attempt to scan an image can end, but for a bug. */
export type ScanOutcome =
  | { readonly kind: "scanned"; readonly report: ScanReport; readonly rawReport: RawReport }
  /** The registry says that the manifest, or a part of it, is not there. */
  | { readonly kind: "imageGone" }
  | { readonly kind: "unscannable"; readonly reason: UnscannableReason; readonly detail: string }
  | ScanFailed;

/** May be tried again. {@link detail} is one or two sentences for a person, at most 2,000 characters, without secrets. */
export interface ScanFailed {
  readonly kind: "failed";
  readonly failure: FailureClass;
  readonly detail: string;
  readonly notBefore?: Date | undefined;
}

/**
 * - `registry-unavailable`: does not answer, answers 5xx, or asks us to slow down (429)
 * - `registry-refused`: does not let us in
 * - `database-unavailable`: no vulnerability database, or one beyond the age limit
 * - `timeout`, `out-of-memory`, `no-space`: a limit of ours was reached
 * - `scanner-crashed`: Trivy ended with an error or was killed
 * - `bad-report`: Trivy's report is not what its schema says
 * - `digest-mismatch`: the registry sent bytes that are not what their digest says
 */
export const failureClasses = [
  "registry-unavailable",
  "registry-refused",
  "database-unavailable",
  "timeout",
  "out-of-memory",
  "no-space",
  "scanner-crashed",
  "bad-report",
  "digest-mismatch",
] as const;

export type FailureClass = (typeof failureClasses)[number];

/** Why there is no verdict. An image that cannot be judged never reads as one without vulnerabilities. */
export const unscannableReasons = [
  /** Recognised as something else: an attestation, a signature, an SBOM, a chart. */
  "not-an-image",
  /** Neither an image nor anything else that is known, or beyond a limit of ours. It may still run somewhere. */
  "malformed",
  "windows",
  "encrypted",
  /** Neither a known operating system nor any package that Trivy can match. */
  "no-packages",
  "unsupported-distribution",
] as const;

export type UnscannableReason = (typeof unscannableReasons)[number];

/** The scanner's own report as a file, from which the SBOM is made. The file is gone once the scan has ended. */
export interface RawReport {
  readonly file: string;
}
