import type { Digest } from "../domain/digest.ts";
import { imageId, type ImageId } from "../domain/image-record.ts";
import type { RegistryHost, Repository, Tag } from "../domain/image-reference.ts";
import { firstRequest } from "../domain/scan-request.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import { acceptArrival, type AcceptArrivalPorts } from "./accept-arrival.ts";

export interface RequestScanPorts extends AcceptArrivalPorts {
  readonly registry: Pick<ImageRegistry, "resolveTag">;
  readonly watchList: WatchList;
}

/** An image as a person names it: by digest, or by a tag that is resolved now. */
export interface NamedImage {
  readonly registry: RegistryHost;
  readonly repository: Repository;
  readonly digest?: Digest | undefined;
  readonly tag?: Tag | undefined;
}

export type RequestedScan =
  | { readonly kind: "requested"; readonly image: ImageId }
  | { readonly kind: "unknownRegistry" }
  | { readonly kind: "noSuchTag" };

/** Queues a scan that somebody asked for; it runs even if the image was scanned a moment ago. */
export const requestScan = (ports: RequestScanPorts) => {
  const accept = acceptArrival(ports);
  return async (named: NamedImage, signal?: AbortSignal): Promise<RequestedScan> => {
    const { registry, repository, tag } = named;
    if (ports.watchList(registry, repository) === "unknownRegistry") return { kind: "unknownRegistry" };
    const digest = named.digest ?? (tag && (await ports.registry.resolveTag(named, tag, signal)));
    if (digest === undefined) return { kind: "noSuchTag" };
    const image = { registry, repository, digest };
    // A tag beside a digest is only a claim.
    await accept({ image, reason: "asked", tag: named.digest === undefined ? tag : undefined }, { quiet: true });
    await ports.scanRequests.send([firstRequest(image, "asked", ports.clock.now())]);
    return { kind: "requested", image: imageId(image) };
  };
};
