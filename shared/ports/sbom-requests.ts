import type { ImageId } from "../domain/image-record.ts";
import type { ScanId } from "../domain/scan-report.ts";

export interface SbomRequest {
  readonly image: ImageId;
  readonly scan: ScanId;
}

/** The queue of scans whose raw report has yet to become an SBOM. */
export interface SbomRequests {
  readonly send: (requests: readonly SbomRequest[]) => Promise<void>;
}
