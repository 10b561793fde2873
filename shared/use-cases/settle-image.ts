import { recordArrival } from "../domain/arrival.ts";
import { decideStateAlerts } from "../domain/decide-alerts.ts";
import { decideGone } from "../domain/decide-life.ts";
import type { Digest } from "../domain/digest.ts";
import {
  holds,
  imageId,
  type ImageRecord,
  type ImageState,
  type Lease,
  type ScanSummary,
} from "../domain/image-record.ts";
import type { ImageIndex } from "../domain/manifest.ts";
import type { ScanFailed, UnscannableReason } from "../domain/scan-outcome.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { recordChanges, type FindingsDecision, type RecordChangesPorts } from "./record-changes.ts";
import { relayOutbox, type RelayOutboxPorts } from "./relay-outbox.ts";

export interface SettleImagePorts extends RelayOutboxPorts, RecordChangesPorts {
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
  const recordSettlement = recordChanges(ports);
  return async (request: ScanRequest, settlement: Settlement, held: { readonly lease?: Lease | undefined }) => {
    const now = ports.clock.now();
    const settled = { superseded: false };
    const recorded = await recordSettlement(imageId(request.image), async ({ record: known, tracked, after }) => {
      const current = known ?? recordArrival(undefined, request, now);
      settled.superseded = held.lease !== undefined && !holds(current, held.lease);
      if (settled.superseded) return undefined;
      // Somebody else may be about to succeed.
      if (held.lease === undefined && settlement.kind === "failed" && isBeingScanned(current, now)) return undefined;
      const state = stateAfter(settlement, request, now);
      if (known !== undefined && isSame(current.state, state)) return undefined;
      const mediaType = "mediaType" in settlement ? settlement.mediaType : undefined;
      const goneTold = isToldGone(state, current);
      const record: ImageRecord = { ...current, ...(mediaType !== undefined && { mediaType }), state, goneTold };
      const at = after(now);
      return {
        record,
        at,
        // A late event of an earlier push asks for another look at an image that was told as gone: it is no news.
        ...(state.kind === "gone" && current.goneTold
          ? {}
          : {
              alerts: decideStateAlerts(record, known?.state),
              findings: state.kind === "gone" && record.scan ? endAll(record.scan, await tracked(), at) : undefined,
            }),
      };
    });
    if (settled.superseded || recorded.record === undefined) return { kind: "superseded" } as const;
    reached("image-settled");
    // A crash may have come between an earlier write of the same and what there was to tell.
    if (recorded.kind === "unchanged") await relay(recorded.record.id);
    return outcome(recorded.record.state);
  };
};

/** A failure does not show that it is there. */
function isToldGone({ kind }: SettledState, { goneTold }: ImageRecord): true | undefined {
  return kind === "gone" ? true : kind === "failed" ? goneTold : undefined;
}

/** That the image is gone is told; that its findings are gone with it goes without saying. */
function endAll(scan: ScanSummary, tracked: readonly TrackedFinding[], at: Date): FindingsDecision {
  return { ...decideGone({ tracked, lastSeenAt: scan.scannedAt, at }), cause: { kind: "gone" }, scan };
}

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

function isBeingScanned({ state }: ImageRecord, now: Date): boolean {
  return state.kind === "scanning" && state.lease.until > now;
}

/** Failures are told each time; the other endings once. */
function isSame(current: ImageState, next: SettledState): boolean {
  if (current.kind === "unscannable" && next.kind === "unscannable") return current.reason === next.reason;
  return current.kind === next.kind && next.kind !== "failed";
}
