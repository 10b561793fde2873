import { imageId, type ImageRecord, type Lease } from "../domain/image-record.ts";
import type { ScanFailed } from "../domain/scan-outcome.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { updateImage } from "./update-image.ts";

export interface PutOffScanPorts {
  readonly images: ImageStore;
  readonly scanRequests: ScanRequests;
  readonly clock: Clock;
}

/** Gives the lease back and sends the request again for later: when the other side asked for, or after a back-off. */
export const putOffScan =
  ({ images, scanRequests, clock }: PutOffScanPorts) =>
  async (request: ScanRequest, { detail, failure, notBefore }: ScanFailed, lease: Lease | undefined) => {
    const backOff = new Date(clock.now().getTime() + backOffMs(request.attempt));
    const until = notBefore !== undefined && notBefore > backOff ? notBefore : backOff;
    if (lease !== undefined)
      await updateImage<ImageRecord | undefined>(images, imageId(request.image), (known) => {
        if (known?.state.kind !== "scanning" || known.state.lease.holder !== lease.holder) return { unchanged: known };
        return { record: { ...known, state: { kind: "waiting", since: request.requestedAt, reason: request.reason } } };
      });
    await scanRequests.send([{ ...request, attempt: request.attempt + 1 }], until);
    return { kind: "putOff", until, why: `${failure}: ${detail}` } as const;
  };

/** 15 s, 1 min, 4 min, 16 min, then an hour each. Deterministic: the queue is the one that spreads the load. */
function backOffMs(attempt: number): number {
  return Math.min(15_000 * 4 ** (attempt - 1), 60 * 60_000);
}
