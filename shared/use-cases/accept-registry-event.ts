import type { Arrival } from "../domain/arrival.ts";
import { isLetGoByTag } from "../domain/held-for.ts";
import { imageId, type ImageRecord } from "../domain/image-record.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import { isScannerPull } from "../domain/own-pulls.ts";
import type { ImageDeleted, ImagePulled, ImagePushed, RegistryEvent } from "../domain/registry-event.ts";
import { firstRequest } from "../domain/scan-request.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import { acceptArrival, type AcceptArrivalPorts } from "./accept-arrival.ts";

export interface AcceptRegistryEventPorts extends AcceptArrivalPorts {
  readonly registry: Pick<ImageRegistry, "resolveTag">;
  readonly watchList: WatchList;
  /** Identities whose pulls are not use: our own, above all. */
  readonly scannerIdentities: readonly string[];
}

/** Why an event led to nothing, where it did. `unknownRegistry` is worth a person's look, the others are normal. */
export type AcceptedEvent = "accepted" | "unknownRegistry" | "filtered" | "scannerPull" | "unknownImage";

/** Once this has resolved, the event's sender may forget it. The same event again changes nothing. */
export const acceptRegistryEvent = (ports: AcceptRegistryEventPorts) => {
  const accept = acceptArrival(ports);
  return async (event: RegistryEvent, signal?: AbortSignal): Promise<AcceptedEvent> => {
    const watched = ports.watchList(event.registry, event.repository, event.kind === "deleted" ? undefined : event.tag);
    if (watched !== "watched") return watched;
    switch (event.kind) {
      case "pushed":
        return acceptPush(ports, accept, event, signal);
      case "deleted":
        return acceptDeletion(ports, event);
      case "pulled":
        return acceptPull(ports, accept, event);
    }
  };
};

type Accept = (arrival: Arrival) => Promise<ImageRecord>;

async function acceptPush(
  { registry, scanRequests, clock }: AcceptRegistryEventPorts,
  accept: Accept,
  event: ImagePushed,
  signal: AbortSignal | undefined,
): Promise<AcceptedEvent> {
  const digest = event.digest ?? (event.tag && (await registry.resolveTag(event, event.tag, signal)));
  // A tag that is gone again before its event came.
  if (digest === undefined) return "unknownImage";
  const image = reference({ ...event, digest });
  const record = await accept({ image, reason: "pushed", tag: event.tag, pushedAt: event.occurredAt });
  const now = clock.now();
  // It is judged already, so what this request leads to is that its alert no longer waits.
  if (event.tag !== undefined && isLetGoByTag(record, now))
    await scanRequests.send([firstRequest(image, "pushed", now)]);
  return "accepted";
}

/** Events come out of order, so a deletion is no proof: the image may have been pushed again. The scan looks. */
async function acceptDeletion(
  { images, scanRequests }: AcceptRegistryEventPorts,
  event: ImageDeleted,
): Promise<AcceptedEvent> {
  const image = reference(event);
  const known = await images.read(imageId(image));
  if (known === undefined || known.value.state.kind === "gone") return "unknownImage";
  await scanRequests.send([firstRequest(image, "deleted", event.occurredAt)]);
  return "accepted";
}

async function acceptPull(
  { scannerIdentities }: AcceptRegistryEventPorts,
  accept: Accept,
  event: ImagePulled,
): Promise<AcceptedEvent> {
  if (isScannerPull(event.puller, scannerIdentities)) return "scannerPull";
  await accept({
    image: reference(event),
    reason: "discovered",
    tag: event.tag,
    pull: { at: event.occurredAt, puller: event.puller },
  });
  return "accepted";
}

function reference({ registry, repository, digest }: ImageReference): ImageReference {
  return { registry, repository, digest };
}
