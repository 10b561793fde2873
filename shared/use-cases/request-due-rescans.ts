import { awaitedRequest } from "../domain/arrival.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import { dueBounds, dueSince, type RescanPolicy } from "../domain/rescan-policy.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore, Stored } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";

export interface RequestDueRescansPorts {
  readonly images: ImageStore;
  readonly scanRequests: ScanRequests;
  readonly watchList: WatchList;
  readonly clock: Clock;
  readonly policy: RescanPolicy;
  /** The requests of one call are spread evenly over this time, so that a fleet pushed at once is not scanned at once. */
  readonly spreadMs: number;
}

/**
 * Queues every image that is in use and has not been looked at for long enough. The request goes out before the record
 * says so: an end in between finds the image due again and sends the same request, which the queue drops.
 */
export const requestDueRescans =
  ({ images, scanRequests, watchList, clock, policy, spreadMs }: RequestDueRescansPorts) =>
  async (signal?: AbortSignal): Promise<{ readonly requested: number }> => {
    const now = clock.now();
    const bounds = dueBounds(policy, now);
    let requested = 0;
    let cursor: string | undefined;
    do {
      const page = await images.listDue(bounds, { limit: pageSize, cursor });
      const due = page.items.filter(isWatched);
      await Promise.all(
        due.map((stored, index) => requestRescan(stored, now, spread(now, requested + index, spreadMs))),
      );
      requested += due.length;
      cursor = page.next;
    } while (cursor !== undefined && !signal?.aborted);
    return { requested };

    async function requestRescan({ value, etag }: Stored<ImageRecord>, now: Date, notBefore: Date): Promise<void> {
      const since = dueSince(value, policy, now);
      const waiting: ImageRecord = { ...value, state: { kind: "waiting", since, reason: "due" } };
      const request = awaitedRequest(waiting);
      if (request !== undefined) await scanRequests.send([request], notBefore);
      await images.write(waiting, etag);
    }

    function isWatched({ value: { image } }: Stored<ImageRecord>): boolean {
      return watchList(image.registry, image.repository) === "watched";
    }
  };

const pageSize = 200;

/** Steps of the golden ratio fill the time evenly, however many follow. */
function spread(now: Date, index: number, spreadMs: number): Date {
  return new Date(now.getTime() + Math.floor(((index * 0.618_033_988_75) % 1) * spreadMs));
}
