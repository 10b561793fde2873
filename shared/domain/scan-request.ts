import { contentId } from "./content-id.ts";
import { formatImageReference, type ImageReference } from "./image-reference.ts";

/**
 * Why an image is looked at: it was pushed or imported; a pull or a listing showed one that no event had announced;
 * its rescan is due; a person or pipeline asked; or an event said that it is deleted, which is checked, not believed.
 */
export const scanReasons = ["pushed", "discovered", "due", "asked", "deleted"] as const;

export type ScanReason = (typeof scanReasons)[number];

export interface ScanRequest {
  readonly image: ImageReference;
  readonly reason: ScanReason;
  /** A scan that began at or after this instant answers the request. */
  readonly requestedAt: Date;
  /** 1 for the first; one more each time that the request was put off, for whatever reason. */
  readonly attempt: number;
  /** How often the image itself made the scan fail. What is wrong around it is not counted. */
  readonly failures: number;
}

/** A request that has not been put off yet. */
export function firstRequest(image: ImageReference, reason: ScanReason, requestedAt: Date): ScanRequest {
  return { image, reason, requestedAt, attempt: 1, failures: 0 };
}

/**
 * The same request sent twice within the queue's duplicate detection window is one message. A later request for the
 * same image, and each further attempt, differs.
 */
export function scanRequestId({ image, reason, requestedAt, attempt }: ScanRequest): string {
  return contentId("scan-request", formatImageReference(image), reason, requestedAt.toISOString(), attempt.toString());
}
