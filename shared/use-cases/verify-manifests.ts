import { tallyOf, type Presence } from "../domain/coverage-tally.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import { addManifests, addUnreadable, type RegistryWalk, type VerifyPlace } from "../domain/registry-walk.ts";
import { firstRequest, type ScanRequest } from "../domain/scan-request.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { reached } from "../ports/step.ts";
import { inGroups } from "./in-groups.ts";
import { isRefusal, orRefusal } from "./refusal.ts";

export interface VerifyManifestsPorts {
  readonly images: Pick<ImageStore, "list">;
  readonly registry: Pick<ImageRegistry, "exists">;
  readonly scanRequests: ScanRequests;
  readonly watchList: WatchList;
  readonly clock: Clock;
  /** Before each request to the registry. */
  readonly turn: (signal?: AbortSignal) => Promise<void>;
}

/**
 * One step of comparing the records with what the registry holds: asks for another look at those that were missing in the
 * page before, and counts the next page. One answer does not make an image gone: its scan looks for itself.
 */
export const verifyManifests =
  ({ images, registry, scanRequests, watchList, clock, turn }: VerifyManifestsPorts) =>
  async (walk: RegistryWalk, place: VerifyPlace, signal?: AbortSignal): Promise<RegistryWalk> => {
    if (place.missing.length > 0) {
      await scanRequests.send(place.missing.map((image) => lookAgain(image, walk)));
      reached("missing-asked");
    }
    if (place.isListed) return { ...walk, place: { kind: "report", finishedAt: clock.now() } };

    const page = await images.list({ registry: walk.registry }, { limit: pageSize, cursor: place.cursor });
    let { refused } = place;
    const checked = await inGroups(page.items, check);
    const tallies = checked.map(({ record, presence }) => ({
      repository: record.image.repository,
      tally: tallyOf(record, presence, isWatched(record)),
    }));
    const refusals = checked.flatMap(({ record: { image }, error }) =>
      error === undefined ? [] : [{ repository: image.repository, digest: image.digest, error }],
    );
    const counted = addManifests(walk.coverage, tallies);
    return {
      ...walk,
      place: {
        ...place,
        cursor: page.next,
        isListed: page.next === undefined,
        refused,
        missing: checked.flatMap(({ record, presence }) => (presence === "missing" ? [record.image] : [])),
      },
      coverage: { ...counted, unreadable: addUnreadable(counted.unreadable, refusals) },
    };

    async function check(record: ImageRecord): Promise<Checked> {
      const { image, state } = record;
      if (state.kind === "gone" || !isWatched(record)) return { record, presence: "notAsked" };
      if (image.repository !== refused) await turn(signal);
      // It may have become known while this one waited for its turn.
      if (image.repository === refused) return { record, presence: "unreadable" };
      const answer = await orRefusal(registry.exists(image, signal));
      if (!isRefusal(answer)) return { record, presence: answer ? "there" : "missing" };
      if (answer.isLockedOut) refused = image.repository;
      return { record, presence: "unreadable", error: answer.error };
    }

    function isWatched({ image }: ImageRecord): boolean {
      return watchList(image.registry, image.repository) === "watched";
    }
  };

interface Checked {
  readonly record: ImageRecord;
  readonly presence: Presence;
  readonly error?: string;
}

const pageSize = 100;

/** The same for the same walk, so that a repeated step's is dropped. */
function lookAgain(image: ImageReference, { startedAt }: RegistryWalk): ScanRequest {
  return firstRequest(image, "deleted", startedAt);
}
