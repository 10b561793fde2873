import { contentId } from "../domain/content-id.ts";
import { imageId, type ImageRecord, type Lease } from "../domain/image-record.ts";
import type { Platform } from "../domain/platform.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { recordArrival } from "../domain/arrival.ts";
import { isAnswered } from "../domain/is-answered.ts";
import { updateImage } from "./update-image.ts";

export interface ClaimImagePorts {
  readonly images: ImageStore;
  readonly clock: Clock;
  /** Longer than the longest scan: a claim that has run out means that its holder is dead. */
  readonly leaseMs: number;
}

/** What the registry showed. */
export interface FoundImage {
  readonly platform: Platform;
  readonly mediaType: string;
}

export type Claim =
  /** Somebody else was faster. */
  | { readonly kind: "answered" }
  | { readonly kind: "claimed"; readonly record: ImageRecord; readonly lease: Lease }
  | { readonly kind: "heldByAnother"; readonly until: Date };

/** Takes the right to scan an image. Two that ask at the same time: one gets it, the other learns until when. */
export const claimImage =
  ({ images, clock, leaseMs }: ClaimImagePorts) =>
  async (request: ScanRequest, message: string, { platform, mediaType }: FoundImage): Promise<Claim> => {
    const now = clock.now();
    const lease: Lease = {
      message,
      holder: contentId("lease", message, crypto.randomUUID()),
      until: new Date(now.getTime() + leaseMs),
    };
    const record = await updateImage<ImageRecord>(images, imageId(request.image), (known) => {
      const current = known ?? recordArrival(undefined, { image: request.image, reason: request.reason }, now);
      if (isAnswered(current, request)) return { unchanged: current };
      if (
        current.state.kind === "scanning" &&
        current.state.lease.until > now &&
        current.state.lease.message !== message
      )
        return { unchanged: current };
      const state = { kind: "scanning", since: now, reason: request.reason, lease } as const;
      return { record: { ...current, platform, mediaType, state } };
    });
    reached("image-claimed");
    if (record.state.kind !== "scanning") return { kind: "answered" };
    if (record.state.lease.holder !== lease.holder) return { kind: "heldByAnother", until: record.state.lease.until };
    return { kind: "claimed", record, lease };
  };
