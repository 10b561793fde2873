import type { AppliedExemption } from "./exemption.ts";
import type { Finding } from "./finding.ts";
import type { ChangeKind, FindingChange } from "./finding-changes.ts";
import { severityRank, type Severity } from "./severity.ts";
import type { Ending, TrackedFinding } from "./tracked-finding.ts";

/** One step in the life of a finding. */
export interface Followed {
  readonly finding: TrackedFinding;
  /** Missing when nothing happened that is worth telling: another title, another version that mends it. */
  readonly change?: FindingChange | undefined;
}

/**
 * A finding that is in the image now.
 * @param before with its life so far, if it was ever seen in this image
 * @param exemption that applies to it now
 */
export function followFinding(
  before: TrackedFinding | undefined,
  now: Finding,
  exemption: AppliedExemption | undefined,
  at: Date,
): Followed {
  const was = before?.ended === undefined ? before : undefined;
  const applied = exemption && { ...exemption, since: sinceWhen(exemption, was?.exemption) };
  const finding: TrackedFinding = {
    ...now,
    firstSeenAt: before?.firstSeenAt ?? at,
    ended: undefined,
    exemption: applied,
  };
  const kind = was === undefined ? beginning(before, applied) : difference(was, finding);
  if (kind === undefined) return { finding };
  const previousSeverity = was?.severity === now.severity ? undefined : was?.severity;
  return { finding, change: toChange(kind, now, applied ?? was?.exemption, previousSeverity) };
}

/** A finding that is not in the image any more. What has ended before stays as it is. */
export function endFinding(before: TrackedFinding, ended: Ending): Followed {
  if (before.ended !== undefined) return { finding: before };
  const finding = { ...before, exemption: undefined, ended };
  return { finding, change: toChange(ended.kind, before, before.exemption) };
}

function beginning(before: TrackedFinding | undefined, exemption: AppliedExemption | undefined): ChangeKind {
  if (exemption !== undefined) return "exempted";
  return before === undefined ? "opened" : "reopened";
}

/** What matters more hides the rest: an exemption, then a fix, then a severity. */
function difference(before: TrackedFinding, now: TrackedFinding): ChangeKind | undefined {
  if (before.exemption === undefined && now.exemption !== undefined) return "exempted";
  if (before.exemption !== undefined && now.exemption === undefined) return "exemptionEnded";
  if (before.fixedVersion === undefined && now.fixedVersion !== undefined) return "fixAvailable";
  const raised = severityRank(now.severity) - severityRank(before.severity);
  if (raised > 0) return "severityRaised";
  return raised < 0 ? "severityLowered" : undefined;
}

/** The same exemption applies since it began to, whatever it says now. */
function sinceWhen(now: AppliedExemption, before: AppliedExemption | undefined): Date {
  return before?.id === now.id ? before.since : now.since;
}

function toChange(
  kind: ChangeKind,
  finding: Finding,
  exemption: AppliedExemption | undefined,
  previousSeverity?: Severity,
): FindingChange {
  return {
    kind,
    finding,
    ...(previousSeverity !== undefined && { previousSeverity }),
    ...(exemption !== undefined && { exemption }),
  };
}
