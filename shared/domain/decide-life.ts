import type { AppliedExemption } from "./exemption.ts";
import { endFinding, followFinding, type Followed } from "./follow-finding.ts";
import type { Finding } from "./finding.ts";
import type { FindingChange } from "./finding-changes.ts";
import type { ScanReport } from "./scan-report.ts";
import type { Ending, TrackedFinding } from "./tracked-finding.ts";

/** What a decision makes of an image's findings. */
export interface LifeDecision {
  /** Those that the newest scan shows, in its order; the ended ones after them. */
  readonly findings: readonly TrackedFinding[];
  /** In the order of {@link findings}, at most one for each. Deciding the same again gives none. */
  readonly changes: readonly FindingChange[];
}

/** The exemption that applies to a finding of the image at the time of the decision, if one does. */
export type ExemptionFor = (finding: Finding) => AppliedExemption | undefined;

/**
 * After a scan. Its database must not be older than that of the scan before: what an older one does not know yet would
 * end.
 * @param at later than all decisions before
 */
export function decideScan({
  tracked,
  report,
  previous,
  exemptions,
  at,
}: {
  readonly tracked: readonly TrackedFinding[];
  readonly report: Pick<ScanReport, "findings" | "scanner" | "database">;
  /** The scan before; missing at the first. */
  readonly previous?: Pick<ScanReport, "scannedAt" | "scanner" | "database"> | undefined;
  readonly exemptions: ExemptionFor;
  readonly at: Date;
}): LifeDecision {
  const known = new Map(tracked.map((finding) => [finding.id, finding]));
  const shown = new Set(report.findings.map(({ id }) => id));
  const kind = wasCorrected(report, previous) ? "retracted" : "resolved";
  return toDecision([
    ...report.findings.map((finding) => followFinding(known.get(finding.id), finding, exemptions(finding), at)),
    ...tracked
      .filter(({ id }) => !shown.has(id))
      .map((finding) => endFinding(finding, { kind, at, lastSeenAt: previous?.scannedAt ?? finding.firstSeenAt })),
  ]);
}

/** When exemptions began to apply or ended. Findings that this does not concern stay the same objects. */
export function decideExemptions({
  tracked,
  exemptions,
  at,
}: {
  readonly tracked: readonly TrackedFinding[];
  readonly exemptions: ExemptionFor;
  readonly at: Date;
}): LifeDecision {
  return toDecision(
    tracked.map((finding) => {
      if (finding.ended !== undefined) return { finding };
      const exemption = exemptions(finding);
      return isSame(finding.exemption, exemption) ? { finding } : followFinding(finding, finding, exemption, at);
    }),
  );
}

/** When the registry no longer has the image: everything is resolved, exempted or not. */
export function decideGone({
  tracked,
  lastSeenAt,
  at,
}: {
  readonly tracked: readonly TrackedFinding[];
  /** When its newest scan was. */
  readonly lastSeenAt: Date;
  readonly at: Date;
}): LifeDecision {
  const ending: Ending = { kind: "resolved", at, lastSeenAt };
  return toDecision(tracked.map((finding) => endFinding(finding, ending)));
}

/** The image is the same, so if the scanner is too, it is the advisories that became different. */
function wasCorrected(
  { scanner, database }: Pick<ScanReport, "scanner" | "database">,
  previous: Pick<ScanReport, "scanner" | "database"> | undefined,
): boolean {
  return (
    previous !== undefined &&
    database.updatedAt > previous.database.updatedAt &&
    scanner.version === previous.scanner.version
  );
}

function isSame(before: AppliedExemption | undefined, now: AppliedExemption | undefined): boolean {
  return before?.id === now?.id && before?.until?.getTime() === now?.until?.getTime();
}

function toDecision(followed: readonly Followed[]): LifeDecision {
  return {
    findings: followed.map(({ finding }) => finding),
    changes: followed.flatMap(({ change }) => change ?? []),
  };
}
