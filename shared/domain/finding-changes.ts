import type { AppliedExemption } from "./exemption.ts";
import type { Finding } from "./finding.ts";
import { severityRank, type Severity } from "./severity.ts";

/** What is different for one finding between two scans of the same image. */
export interface FindingChange {
  readonly kind: ChangeKind;
  /** As it is now; as it last was when the change is `resolved`. */
  readonly finding: Finding;
  /** When it is another one than now. */
  readonly previousSeverity?: Severity | undefined;
  /** That began to apply, or ended, with this change. */
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

/** In the order of {@link after}, resolved ones last. A fix that became known outranks a new severity. */
export function compareFindings(before: readonly Finding[], after: readonly Finding[]): readonly FindingChange[] {
  const known = new Map(before.map((finding) => [finding.id, finding]));
  const still = new Set(after.map((finding) => finding.id));
  return [
    ...after.flatMap((finding) => {
      const was = known.get(finding.id);
      const kind = change(was, finding);
      if (kind === undefined) return [];
      return [
        was === undefined || was.severity === finding.severity
          ? { kind, finding }
          : { kind, finding, previousSeverity: was.severity },
      ];
    }),
    ...before.flatMap((finding) => (still.has(finding.id) ? [] : [{ kind: "resolved" as const, finding }])),
  ];
}

function change(before: Finding | undefined, after: Finding): ChangeKind | undefined {
  if (before === undefined) return "opened";
  if (before.fixedVersion === undefined && after.fixedVersion !== undefined) return "fixAvailable";
  const raised = severityRank(after.severity) - severityRank(before.severity);
  if (raised > 0) return "severityRaised";
  return raised < 0 ? "severityLowered" : undefined;
}
