import type { ExemptedImage } from "../domain/exemption-scope.ts";
import type { AppliedExemption, Exemption } from "../domain/exemption.ts";
import type { Finding } from "../domain/finding.ts";

/** Every exemption of every source. Asked for often: adapters keep them in memory. */
export interface Exemptions {
  readonly current: () => Promise<CurrentExemptions>;
}

/** As they were when they were asked for; stays so. */
export interface CurrentExemptions {
  /** Sorted by id, those that have ended included. */
  readonly all: readonly Exemption[];
  /** Which one applies to a finding of the image then: what decideScan and decideExemptions ask for. */
  readonly of: (image: ExemptedImage, at: Date) => (finding: Finding) => AppliedExemption | undefined;
}
