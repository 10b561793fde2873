import { hourMs } from "../domain/days.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import { dueBounds, dueSince, type RescanPolicy } from "../domain/rescan-policy.ts";
import { firstRequest, type ScanReason } from "../domain/scan-request.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore, Page, PageRequest, Stored } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { reached } from "../ports/step.ts";
import { everyPage } from "./every-item.ts";

export interface RequestDueRescansPorts {
  readonly images: ImageStore;
  readonly scanRequests: ScanRequests;
  readonly watchList: WatchList;
  readonly clock: Clock;
  readonly policy: RescanPolicy;
  /** The requests of one call are spread evenly over this time, so that a fleet pushed at once is not scanned at once. */
  readonly spreadMs: number;
}

export interface RequestedRescans {
  readonly requested: number;
  /** Images that waited for a message that must have been lost, or were scanned by a process that must have died. */
  readonly recovered: number;
}

/**
 * Queues every image that is in use and has not been looked at for long enough, and every one that has waited much
 * longer than it should. The request goes out before the record says so: an end in between finds the image again and
 * sends the same request, which the queue drops.
 */
export const requestDueRescans =
  ({ images, scanRequests, watchList, clock, policy, spreadMs }: RequestDueRescansPorts) =>
  async (signal?: AbortSignal): Promise<RequestedRescans> => {
    const now = clock.now();
    const requested = await requestEach(
      (page) => images.listDue(dueBounds(policy, now), page),
      (record) => ({ reason: "due", since: dueSince(record, policy, now) }),
    );
    const overdueBefore = new Date(now.getTime() - spreadMs - overdueMs);
    const recovered = await requestEach(
      (page) => images.listOverdue(overdueBefore, page),
      ({ state }) => ({ reason: "reason" in state && state.kind !== "unscannable" ? state.reason : "due", since: now }),
    );
    return { requested, recovered };

    async function requestEach(
      list: (page: PageRequest) => Promise<Page<Stored<ImageRecord>>>,
      wait: (record: ImageRecord) => { readonly reason: ScanReason; readonly since: Date },
    ): Promise<number> {
      let count = 0;
      for await (const page of everyPage(list, pageSize)) {
        const found = page.filter(isWatched);
        await Promise.all(
          found.map(({ value, etag }, index) =>
            requestScan(
              { ...value, state: { kind: "waiting", ...wait(value) } },
              etag,
              spread(now, count + index, spreadMs),
            ),
          ),
        );
        count += found.length;
        if (signal?.aborted) break;
      }
      return count;
    }

    async function requestScan(
      waiting: WaitingRecord,
      etag: Stored<ImageRecord>["etag"],
      notBefore: Date,
    ): Promise<void> {
      const { image, state } = waiting;
      await scanRequests.send([firstRequest(image, state.reason, state.since)], notBefore);
      reached("rescan-queued");
      await images.write(waiting, etag);
    }

    function isWatched({ value: { image } }: Stored<ImageRecord>): boolean {
      return watchList(image.registry, image.repository) === "watched";
    }
  };

type WaitingRecord = ImageRecord & { readonly state: Extract<ImageRecord["state"], { kind: "waiting" }> };

const pageSize = 200;

/** Room for a long queue: asking again too early costs a message, not a scan. */
const overdueMs = 3 * hourMs;

/** Steps of the golden ratio fill the time evenly, however many follow. */
function spread(now: Date, index: number, spreadMs: number): Date {
  return new Date(now.getTime() + Math.floor(((index * 0.618_033_988_75) % 1) * spreadMs));
}
