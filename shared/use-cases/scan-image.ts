import pLimit from "p-limit";
import { isAnswered } from "../domain/is-answered.ts";
import { imageId, type Lease } from "../domain/image-record.ts";
import { formatImageReference } from "../domain/image-reference.ts";
import { nextAttempt } from "../domain/retry-policy.ts";
import type { ScanFailed, ScanOutcome } from "../domain/scan-outcome.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { ImageScanner } from "../ports/image-scanner.ts";
import type { Log } from "../ports/log.ts";
import { claimImage } from "./claim-image.ts";
import { commitScan, type CommitScanPorts } from "./commit-scan.ts";
import { expandIndex } from "./expand-index.ts";
import { inspectManifest } from "./inspect-manifest.ts";
import { putOffScan, type PutOffScanPorts } from "./put-off-scan.ts";
import { settleImage, type SettleImagePorts } from "./settle-image.ts";
import { tellIndexesOf } from "./tell-platforms.ts";

export interface ScanImagePorts extends CommitScanPorts, SettleImagePorts, PutOffScanPorts {
  readonly registry: Pick<ImageRegistry, "readManifest" | "readBlob">;
  readonly scanner: ImageScanner;
  readonly watchList: WatchList;
  readonly log: Log;
  /** Of the image's own making, before it counts as failed. At least 1. */
  readonly maximumFailures: number;
  /** In this process: twice the scanner's slots at most, so that none waits for longer than one other scan. */
  readonly scansAtATime: number;
}

/** How a request ended. Whatever it is, the message that brought the request is done with. */
export type ScannedImage =
  | { readonly kind: "scanned"; readonly findings: number; readonly alerts: number }
  /** Nothing was left to do: another scan has answered it, or what was told is not so. */
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
 * @param message names the queue's message: its next delivery may take the lease of this one over
 */
export const scanImage = (ports: ScanImagePorts) => {
  // A lease runs while its scan waits for a slot, so only as many are begun as one lease has time for.
  const inTurn = pLimit(ports.scansAtATime);
  const inspect = inspectManifest(ports.registry);
  const expand = expandIndex(ports);
  const claim = claimImage({ ...ports, leaseMs: 2 * ports.scanner.longestScanMs + 60_000 });
  const commit = commitScan(ports);
  const settle = settleImage(ports);
  const putOff = putOffScan(ports);
  const tellIndexes = tellIndexesOf(ports);

  return async (request: ScanRequest, message: string, signal?: AbortSignal): Promise<ScannedImage> => {
    const ended = await answer(request, message, signal);
    if (ended.kind !== "refused") await tellIndexes(request.image);
    return ended;
  };

  async function answer(request: ScanRequest, message: string, signal?: AbortSignal): Promise<ScannedImage> {
    const { image, reason } = request;
    if (ports.watchList(image.registry, image.repository) === "unknownRegistry") return { kind: "refused" };
    const known = await ports.images.read(imageId(image));
    if (known !== undefined && isAnswered(known.value, request)) return { kind: "answered" };

    const inspected = await inspect(image, signal);
    if (inspected.kind === "failed") return retryOrFail(inspected);
    // Deletions are told, too, that are not so (any more).
    if (reason === "deleted" && inspected.kind !== "imageGone") return { kind: "answered" };
    if (inspected.kind === "index") await expand(request, inspected.index, known?.value.lastPushedAt);
    if (inspected.kind !== "image") return settle(request, inspected, {});

    return inTurn(async () => {
      const claimed = await claim(request, message, inspected);
      if (claimed.kind === "answered") return claimed;
      if (claimed.kind === "heldByAnother") return waitForOther(claimed.until);
      const { lease } = claimed;
      return ports.scanner.scan(image, (outcome) => settleScan(outcome, lease), signal);
    });

    async function settleScan(outcome: ScanOutcome, lease: Lease): Promise<ScannedImage> {
      if (outcome.kind === "scanned") return commit({ request, lease, outcome });
      return outcome.kind === "failed" ? retryOrFail(outcome, lease) : settle(request, outcome, { lease });
    }

    async function retryOrFail(failed: ScanFailed, lease?: Lease): Promise<ScannedImage> {
      const { failure, detail } = failed;
      const { attempt } = request;
      ports.log.warn("The image could not be scanned.", {
        image: formatImageReference(image),
        failure,
        detail,
        attempt,
      });
      const next = nextAttempt(request, failure, ports.maximumFailures);
      if (next !== undefined) return putOff(request, next, failed, lease);
      // Whether it is deleted is found out later, by its next scan; it has not become unjudgeable.
      return reason === "deleted" ? { kind: "failed", failure } : settle(request, failed, { lease });
    }

    /** The other scan most likely answers this request; a look every half a minute shows. */
    async function waitForOther(leaseUntil: Date): Promise<ScannedImage> {
      const until = new Date(Math.min(leaseUntil.getTime(), ports.clock.now().getTime() + 30_000));
      await ports.scanRequests.send([{ ...request, attempt: request.attempt + 1 }], until);
      return { kind: "putOff", until, why: "another scan of this image is running" };
    }
  }
};
