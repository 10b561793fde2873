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
  /**
   * How long a manifest that was pushed by its digest alone waits for an index. Registries announce the platforms of an
   * index before the index: looked at at once, the first would be told before anybody knows what it belongs to.
   */
  readonly indexFollowsMs: number;
}

/**
 * Notes news of a manifest and, unless told to be quiet, asks for its scan if it waits for one. The record comes
 * first: whoever is interrupted between the two is called again by its sender, finds the record waiting and sends the
 * same request once more.
 */
export const acceptArrival =
  ({ images, scanRequests, clock, indexFollowsMs }: AcceptArrivalPorts) =>
  async (arrival: Arrival, { quiet = false } = {}): Promise<ImageRecord> => {
    const record = await updateImage<ImageRecord>(images, imageId(arrival.image), (known) => {
      const next = recordArrival(known, arrival, clock.now());
      return next === known ? { unchanged: known } : { record: next };
    });
    reached("image-recorded");
    const request = awaitedRequest(record, clock.now());
    if (request === undefined || quiet) return record;
    const mayBePlatform = request.reason === "pushed" && record.tags.length === 0 && record.indexes.length === 0;
    const notBefore = mayBePlatform ? new Date(clock.now().getTime() + indexFollowsMs) : undefined;
    await scanRequests.send([request], notBefore);
    return record;
  };
