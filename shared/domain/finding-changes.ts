import type { AppliedExemption } from "./exemption.ts";
import type { Finding } from "./finding.ts";
import type { Severity } from "./severity.ts";

/** What became different for one finding of one image, at one instant. */
export interface FindingChange {
  readonly kind: ChangeKind;
  /** As it is now; as it last was when the change is `resolved`. */
  readonly finding: Finding;
  /** When it is another one than now. */
  readonly previousSeverity?: Severity | undefined;
  /**
   * That applies to the finding; that ended with this change when it is `exemptionEnded`, `resolved` or `retracted`. A
   * change with one is not told, unless it is `exempted` or `exemptionEnded`.
   */
  readonly exemption?: AppliedExemption | undefined;
}

export const changeKinds = [
  "opened",
  "fixAvailable",
  "severityRaised",
  "severityLowered",
  "exempted",
  "exemptionEnded",
  "resolved",
  "reopened",
  /** Its advisory was withdrawn or corrected. */
  "retracted",
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** Kinds that do not occur are missing. */
export function countChanges(changes: Iterable<{ readonly kind: ChangeKind }>): Partial<Record<ChangeKind, number>> {
  const counts: Partial<Record<ChangeKind, number>> = {};
  for (const { kind } of changes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
