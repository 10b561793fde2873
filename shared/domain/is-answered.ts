import type { ImageRecord } from "./image-record.ts";
import type { ScanRequest } from "./scan-request.ts";

/**
 * A push is answered by any scan of the same bytes, since rescans have their own timer; a deletion by the image being
 * gone; everything else by a scan that began after it was asked. An attempt is answered, too, that
 * has been made already, and a further one when another request has used up all attempts since.
 */
export function isAnswered({ state, scan }: ImageRecord, { reason, requestedAt, attempt }: ScanRequest): boolean {
  if (state.kind === "gone") return reason === "deleted";
  if (state.kind === "waiting" && state.putOff !== undefined && state.since.getTime() === requestedAt.getTime())
    return attempt <= state.putOff.attempts;
  if (state.kind === "failed" && attempt > 1 && state.since >= requestedAt) return true;
  if (state.kind === "unscannable" || state.kind === "expanded") return reason !== "asked" && reason !== "deleted";
  if (scan === undefined || reason === "deleted") return false;
  return reason === "pushed" || reason === "discovered" ? state.kind === "scanned" : scan.scannedAt >= requestedAt;
}
