import { recordArrival } from "../domain/arrival.ts";
import { decideStateAlerts } from "../domain/decide-alerts.ts";
import type { Digest } from "../domain/digest.ts";
import { imageId, type ImageRecord, type ImageState, type Lease } from "../domain/image-record.ts";
import type { ImageIndex } from "../domain/manifest.ts";
import type { ScanFailed, UnscannableReason } from "../domain/scan-outcome.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { alertEntries } from "./alert-entries.ts";
import { relayOutbox, type RelayOutboxPorts } from "./relay-outbox.ts";
import { updateImage } from "./update-image.ts";

export interface SettleImagePorts extends RelayOutboxPorts {
  readonly images: ImageStore;
  readonly clock: Clock;
}

/** An ending of a request that is no scan. */
export type Settlement =
  | { readonly kind: "imageGone" }
  | { readonly kind: "index"; readonly index: ImageIndex; readonly mediaType?: string }
  | {
      readonly kind: "unscannable";
      readonly reason: UnscannableReason;
      readonly detail: string;
      readonly mediaType?: string;
    }
  | ScanFailed;

/** Writes the state that the settlement means, with the alert that goes with it. The second call changes nothing. */
export const settleImage = (ports: SettleImagePorts) => {
  const relay = relayOutbox(ports);
  return async (request: ScanRequest, settlement: Settlement, held: { readonly lease?: Lease | undefined }) => {
    const now = ports.clock.now();
    const settled = { superseded: false };
    const record = await updateImage<ImageRecord>(ports.images, imageId(request.image), async (known) => {
      const current = known ?? recordArrival(undefined, request, now);
      settled.superseded = held.lease !== undefined && !holds(current, held.lease);
      if (settled.superseded) return { unchanged: current };
      // Somebody else may be about to succeed.
      if (held.lease === undefined && settlement.kind === "failed" && isBeingScanned(current, now))
        return { unchanged: current };
      const state = stateAfter(settlement, request, now);
      if (known !== undefined && isSame(current.state, state)) return { unchanged: current };
      const mediaType = "mediaType" in settlement ? settlement.mediaType : undefined;
      const record = { ...current, ...(mediaType !== undefined && { mediaType }), state };
      return {
        record,
        outbox: await alertEntries(ports.blobs, record.id, decideStateAlerts(record, known?.state), now),
      };
    });
    if (settled.superseded) return { kind: "superseded" } as const;
    await relay(record.id);
    return outcome(record.state);
  };
};

function stateAfter(settlement: Settlement, { attempt }: ScanRequest, since: Date): SettledState {
  switch (settlement.kind) {
    case "imageGone":
      return { kind: "gone", since };
    case "index":
      return { kind: "expanded", since, manifests: settlement.index.manifests.map(({ digest }): Digest => digest) };
    case "unscannable":
      return { kind: "unscannable", since, reason: settlement.reason, detail: settlement.detail };
    case "failed":
      return { kind: "failed", since, failure: settlement.failure, attempts: attempt, detail: settlement.detail };
  }
}

type SettledState = Extract<ImageState, { kind: "gone" | "expanded" | "unscannable" | "failed" }>;

function outcome(state: ImageState) {
  switch (state.kind) {
    case "gone":
      return { kind: "gone" } as const;
    case "expanded":
      return { kind: "expanded", manifests: state.manifests.length } as const;
    case "unscannable":
      return { kind: "unscannable", reason: state.reason } as const;
    case "failed":
      return { kind: "failed", failure: state.failure } as const;
    case "waiting":
    case "scanning":
    case "scanned":
      return { kind: "answered" } as const;
  }
}

function holds({ state }: ImageRecord, lease: Lease): boolean {
  return state.kind === "scanning" && state.lease.holder === lease.holder;
}

function isBeingScanned({ state }: ImageRecord, now: Date): boolean {
  return state.kind === "scanning" && state.lease.until > now;
}

/** Failures are told each time; the other endings once. */
function isSame(current: ImageState, next: SettledState): boolean {
  if (current.kind === "unscannable" && next.kind === "unscannable") return current.reason === next.reason;
  return current.kind === next.kind && next.kind !== "failed";
}
