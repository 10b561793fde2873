import type { AppliedExemption } from "./exemption.ts";
import type { Finding } from "./finding.ts";

/** A finding with its life in one image. Ended ones are kept: who comes back is reopened, not new. */
export interface TrackedFinding extends Finding {
  /** When a scan of this image first showed it; stays through endings and returns. */
  readonly firstSeenAt: Date;
  /** Missing while it is open: the newest scan has just seen it. */
  readonly ended?: Ending | undefined;
  /** Why it is put up with, while it is. An exempted finding is open, and does not count. */
  readonly exemption?: AppliedExemption | undefined;
}

export interface Ending {
  /**
   * An image never changes, so a finding goes away for one of two reasons: with a newer database of the same scanner its
   * advisory was withdrawn or corrected (`retracted`); everything else, such as another scanner or the image's
   * deletion, resolves it.
   */
  readonly kind: "resolved" | "retracted";
  readonly at: Date;
  /** The scan that showed it last. */
  readonly lastSeenAt: Date;
}
