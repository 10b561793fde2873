import { imageId, type ImageRecord, type Lease } from "../domain/image-record.ts";
import { formatImageReference } from "../domain/image-reference.ts";
import { isLastAttempt } from "../domain/retry-policy.ts";
import type { ScanFailed, ScanOutcome } from "../domain/scan-outcome.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { ImageScanner } from "../ports/image-scanner.ts";
import type { Log } from "../ports/log.ts";
import { claimImage } from "./claim-image.ts";
import { commitScan, type CommitScanPorts } from "./commit-scan.ts";
import { expandIndex } from "./expand-index.ts";
import { inspectManifest, type Inspected } from "./inspect-manifest.ts";
import { putOffScan } from "./put-off-scan.ts";
import { settleImage } from "./settle-image.ts";

export interface ScanImagePorts extends CommitScanPorts {
  readonly registry: Pick<ImageRegistry, "readManifest" | "readBlob">;
  readonly scanner: ImageScanner;
  readonly watchList: WatchList;
  readonly log: Log;
  /** Attempts before an image that the scanner cannot cope with counts as failed. At least 1. */
  readonly maximumAttempts: number;
}

/** How a request ended. Whatever it is, the message that brought the request is done with. */
export type ScannedImage =
  | { readonly kind: "scanned"; readonly findings: number; readonly alerts: number }
  /** Another scan, begun after the request, has answered it already. */
  | { readonly kind: "answered" }
  | { readonly kind: "expanded"; readonly manifests: number }
  | { readonly kind: "unscannable"; readonly reason: string }
  | { readonly kind: "gone" }
  | { readonly kind: "putOff"; readonly until: Date; readonly why: string }
  | { readonly kind: "failed"; readonly failure: string }
  /** The lease ran out and someone else took over: the result is theirs to give. */
  | { readonly kind: "superseded" }
  | { readonly kind: "refused" };

/**
 * Answers one scan request. Safe to call again with the same request at any time: what was committed stays as it is,
 * what was interrupted starts over, and nothing is told twice.
 */
export const scanImage = (ports: ScanImagePorts) => {
  const steps = {
    inspect: inspectManifest(ports.registry),
    claim: claimImage({ ...ports, leaseMs: 2 * ports.scanner.longestScanMs + 60_000 }),
    commit: commitScan(ports),
    settle: settleImage(ports),
    putOff: putOffScan(ports),
    expand: expandIndex(ports),
  };

  return async (request: ScanRequest, signal?: AbortSignal): Promise<ScannedImage> => {
    const { image } = request;
    if (ports.watchList(image.registry, image.repository) === "unknownRegistry") return { kind: "refused" };
    const known = await ports.images.read(imageId(image));
    if (known !== undefined && isAnswered(known.value, request)) return { kind: "answered" };

    const inspected = await steps.inspect(image, signal);
    // A deletion that was told, but is not so (any more).
    if (request.reason === "deleted" && inspected.kind !== "imageGone" && inspected.kind !== "failed")
      return { kind: "answered" };
    if (inspected.kind !== "image") return settleWithoutScan(inspected, known?.value);

    const claim = await steps.claim(request, { platform: inspected.platform, mediaType: inspected.mediaType });
    if (claim.kind === "heldByAnother") {
      await ports.scanRequests.send([{ ...request, attempt: request.attempt + 1 }], claim.until);
      return { kind: "putOff", until: claim.until, why: "another scan of this image is running" };
    }
    return ports.scanner.scan(image, (outcome) => settleScan(outcome, claim.record, claim.lease), signal);

    async function settleScan(outcome: ScanOutcome, record: ImageRecord, lease: Lease): Promise<ScannedImage> {
      switch (outcome.kind) {
        case "scanned":
          return steps.commit({ request, record, lease, outcome });
        case "failed":
          return retryOrFail(outcome, lease);
        case "imageGone":
        case "unscannable":
          return steps.settle(request, outcome, { lease });
      }
    }

    async function settleWithoutScan(
      found: Exclude<Inspected, { kind: "image" }>,
      index: ImageRecord | undefined,
    ): Promise<ScannedImage> {
      switch (found.kind) {
        case "failed":
          return retryOrFail(found);
        case "imageGone":
        case "unscannable":
          return steps.settle(request, found, {});
        case "index":
          await steps.expand(request, found.index, index?.lastPushedAt);
          return steps.settle(request, found, {});
      }
    }

    async function retryOrFail(failed: ScanFailed, lease?: Lease): Promise<ScannedImage> {
      ports.log.warn("The image could not be scanned.", {
        image: formatImageReference(image),
        failure: failed.failure,
        detail: failed.detail,
        attempt: request.attempt,
      });
      if (!isLastAttempt(failed.failure, request.attempt, ports.maximumAttempts))
        return steps.putOff(request, failed, lease);
      // Whether it is deleted is found out later, by the next scan; it has not become unjudgeable.
      if (request.reason === "deleted") return { kind: "failed", failure: failed.failure };
      return steps.settle(request, failed, { lease });
    }
  };
};

/**
 * A push is answered by any scan of the same bytes, since rescans have their own timer; a deletion by the image being
 * gone; everything else by a scan that began after it was asked.
 */
function isAnswered({ state, scan }: ImageRecord, { reason, requestedAt }: ScanRequest): boolean {
  if (state.kind === "gone") return reason === "deleted";
  if (state.kind === "unscannable" || state.kind === "expanded") return reason !== "asked" && reason !== "deleted";
  if (scan === undefined || reason === "deleted") return false;
  return reason === "pushed" || reason === "discovered" ? state.kind === "scanned" : scan.scannedAt >= requestedAt;
}
