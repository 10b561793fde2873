import { channel } from "node:diagnostics_channel";

/**
 * Moments between two effects, at which an end of the process matters most: what comes before is done, what comes
 * after is not. Each is named by what has just happened.
 */
export const steps = [
  "image-recorded",
  "index-child-accepted",
  "image-claimed",
  "scanner-ended",
  "findings-saved",
  "head-written",
  "outbox-published",
  "held-replaced",
  "index-told",
  "held-removed",
  "image-settled",
  "retry-queued",
  "webhook-sent",
  "sbom-saved",
  "rescan-queued",
  "database-unpacked",
  "walk-begun",
  "found-told",
  "missing-asked",
  "coverage-told",
  "walk-step-kept",
  "exemption-changed",
  "review-begun",
  "exemptions-reviewed",
  "endings-published",
  "letter-kept",
  "letter-sent-again",
] as const;

export type Step = (typeof steps)[number];

/**
 * Says that a step has been reached, to whoever subscribes to the channel `tidewatch:step` of node:diagnostics_channel:
 * the fault injection of test/chaos, which ends the process here. Costs nothing while nobody does.
 */
export function reached(step: Step): void {
  if (stepChannel.hasSubscribers) stepChannel.publish(step);
}

const stepChannel = channel("tidewatch:step");
