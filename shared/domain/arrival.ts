import type { Digest } from "./digest.ts";
import { imageId, maximumTags, type ImageRecord } from "./image-record.ts";
import type { ImageReference, Tag } from "./image-reference.ts";
import type { Platform } from "./platform.ts";
import type { Puller } from "./registry-event.ts";
import { firstRequest, type ScanReason, type ScanRequest } from "./scan-request.ts";

/** News of one manifest. Everything but the image may be missing, come twice, and come late. */
export interface Arrival {
  readonly image: ImageReference;
  readonly reason: ScanReason;
  readonly tag?: Tag | undefined;
  /** The index that lists it. */
  readonly index?: Digest | undefined;
  readonly platform?: Platform | undefined;
  readonly pushedAt?: Date | undefined;
  readonly pull?: { readonly at: Date; readonly puller: Puller } | undefined;
  /** When the registry itself showed it, asked by us. */
  readonly listedAt?: Date | undefined;
}

/**
 * The record after the news: a new or returned manifest waits for its scan, a known one keeps its state. Returns the
 * same object when the news is old, so that nothing needs to be written.
 */
export function recordArrival(known: ImageRecord | undefined, arrival: Arrival, now: Date): ImageRecord {
  const record: ImageRecord = known ?? {
    id: imageId(arrival.image),
    image: arrival.image,
    state: { kind: "waiting", since: now, reason: arrival.reason },
    tags: [],
    indexes: [],
    firstSeenAt: now,
  };
  const waitsAnew = hasReturned(record, arrival) || isAnnouncedNow(record, arrival);
  const news: Partial<ImageRecord> = {
    ...(waitsAnew && { state: { kind: "waiting", since: now, reason: arrival.reason } }),
    ...(arrival.tag !== undefined && !record.tags.includes(arrival.tag) && { tags: added(record.tags, arrival.tag) }),
    ...(arrival.index !== undefined &&
      !record.indexes.includes(arrival.index) && { indexes: added(record.indexes, arrival.index) }),
    ...(record.platform === undefined && arrival.platform !== undefined && { platform: arrival.platform }),
    ...(isLater(arrival.pushedAt, record.lastPushedAt) && { lastPushedAt: arrival.pushedAt }),
    ...(arrival.pull !== undefined &&
      isLater(arrival.pull.at, record.lastPulledAt, pullResolutionMs) && {
        lastPulledAt: arrival.pull.at,
        lastPuller: arrival.pull.puller,
      }),
  };
  return known !== undefined && Object.keys(news).length === 0 ? known : { ...record, ...news };
}

/** What was told before brings nothing back: only a newer push than the last, or a pull or a listing from after the loss. */
function hasReturned({ state, lastPushedAt }: ImageRecord, { reason, pushedAt, pull, listedAt }: Arrival): boolean {
  if (state.kind !== "gone" && state.kind !== "failed") return false;
  if (reason === "asked" || isLater(pushedAt, lastPushedAt)) return true;
  if (state.kind !== "gone") return false;
  return (pull !== undefined && pull.at > state.since) || (listedAt !== undefined && listedAt > state.since);
}

/** A listing or a pull may overtake the push it comes from. Its first look is a push's then, which is told. */
function isAnnouncedNow({ state }: ImageRecord, { reason }: Arrival): boolean {
  return reason === "pushed" && state.kind === "waiting" && state.reason === "discovered";
}

/** Pulls closer together than this are one: an image that every node pulls at once needs one write, not thousands. */
export const pullResolutionMs = 10 * 60 * 1000;

/**
 * The request that a waiting record waits for, always the same one for the same wait. Undefined in every other state,
 * and while the scan is put off: then the next attempt is in the queue already.
 */
export function awaitedRequest({ image, state }: ImageRecord, now: Date): ScanRequest | undefined {
  if (state.kind !== "waiting") return undefined;
  const { reason, since: requestedAt, putOff } = state;
  if (putOff === undefined) return firstRequest(image, reason, requestedAt);
  if (putOff.until > now) return undefined;
  return { image, reason, requestedAt, attempt: putOff.attempts + 1, failures: putOff.failures };
}

function added<T>(list: readonly T[], item: T): readonly T[] {
  return [...list, item].slice(-maximumTags);
}

function isLater(candidate: Date | undefined, known: Date | undefined, byMs = 1): boolean {
  if (candidate === undefined) return false;
  return known === undefined || candidate.getTime() - known.getTime() >= byMs;
}
