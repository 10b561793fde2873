import { holds, imageId, type ImageRecord, type Lease, type PutOff } from "../domain/image-record.ts";
import { retryAt } from "../domain/retry-policy.ts";
import type { ScanFailed } from "../domain/scan-outcome.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { reached } from "../ports/step.ts";
import { updateImage } from "./update-image.ts";

export interface PutOffScanPorts {
  readonly images: ImageStore;
  readonly scanRequests: ScanRequests;
  readonly clock: Clock;
}

/**
 * Sends the request again for later, gives the lease back if there was one, and notes on the record why it waits. A
 * record that does not wait for this request is left alone.
 */
export const putOffScan =
  ({ images, scanRequests, clock }: PutOffScanPorts) =>
  async (request: ScanRequest, next: ScanRequest, failed: ScanFailed, lease: Lease | undefined) => {
    const until = retryAt(failed, request.attempt, clock.now());
    const { failure, detail } = failed;
    const putOff: PutOff = { failure, detail, attempts: request.attempt, failures: next.failures, until };
    // First: who is interrupted makes this attempt again, while one that is on record is not made twice.
    await scanRequests.send([next], until);
    reached("retry-queued");
    await updateImage<ImageRecord | undefined>(images, imageId(request.image), (known) => {
      if (known === undefined || !waitsForIt(known, lease)) return { unchanged: known };
      const { reason, requestedAt: since } = request;
      return { record: { ...known, state: { kind: "waiting", since, reason, putOff } } };
    });
    return { kind: "putOff", until, why: `${failure}: ${detail}` } as const;
  };

function waitsForIt(record: ImageRecord, lease: Lease | undefined): boolean {
  return lease === undefined ? record.state.kind === "waiting" : holds(record, lease);
}
