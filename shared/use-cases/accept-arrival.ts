import { awaitedRequest, recordArrival, type Arrival } from "../domain/arrival.ts";
import { imageId, type ImageRecord } from "../domain/image-record.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { reached } from "../ports/step.ts";
import { updateImage } from "./update-image.ts";

export interface AcceptArrivalPorts {
  readonly images: ImageStore;
  readonly scanRequests: ScanRequests;
  readonly clock: Clock;
}

/**
 * Notes news of a manifest and, unless told to be quiet, asks for its scan if it waits for one. The record comes
 * first: whoever is interrupted between the two is called again by its sender, finds the record waiting and sends the
 * same request once more.
 */
export const acceptArrival =
  ({ images, scanRequests, clock }: AcceptArrivalPorts) =>
  async (arrival: Arrival, { quiet = false } = {}): Promise<ImageRecord> => {
    const record = await updateImage<ImageRecord>(images, imageId(arrival.image), (known) => {
      const next = recordArrival(known, arrival, clock.now());
      return next === known ? { unchanged: known } : { record: next };
    });
    reached("image-recorded");
    const request = awaitedRequest(record, clock.now());
    if (request !== undefined && !quiet) await scanRequests.send([request]);
    return record;
  };
