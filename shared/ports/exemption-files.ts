import type { Exemption } from "../domain/exemption.ts";

/** Exemptions that are kept as reviewed files. */
export interface ExemptionFiles {
  /** Looks whether files have changed. The same object while nothing did. */
  readonly current: () => Promise<FiledExemptions>;
}

export interface FiledExemptions {
  readonly exemptions: readonly Exemption[];
  /** What is wrong with files now: a sentence for each. What they said last, when they were right, still holds. */
  readonly problems: readonly string[];
}
