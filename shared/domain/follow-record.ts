import { contentId } from "./content-id.ts";
import { countOpen, sumOfOpen } from "./count-open.ts";
import type { LifeDecision } from "./decide-life.ts";
import { countChanges } from "./finding-changes.ts";
import type { HistoryCause, HistoryEntry } from "./history-entry.ts";
import type { TrackedFinding } from "./tracked-finding.ts";
import type { FindingsId, ImageRecord, JudgedScan, ScanSummary } from "./image-record.ts";

/** A decision about findings, as the record and its history will show it. */
export interface FollowedRecord {
  readonly record: ImageRecord;
  readonly scan: ScanSummary;
  /** Missing when nothing became known that the history does not say already. */
  readonly entry: HistoryEntry | undefined;
  /** The set to be saved; missing when the one before is kept. */
  readonly newSet: FindingsId | undefined;
}

/**
 * The entry and the set share an id. It follows from the set before, so it is new with each link of the chain, also when
 * an image comes back from being gone to the same scan; and from the instant and the findings themselves, so two that
 * scan at the same time write under the same only what is the same.
 * @param differs whether the decided findings differ in any way from those that hold until now
 */
export function followRecord(
  record: ImageRecord,
  decision: LifeDecision & { readonly cause: HistoryCause; readonly scan: JudgedScan },
  { at, before, differs }: { readonly at: Date; readonly before: ScanSummary | undefined; readonly differs: boolean },
): FollowedRecord {
  const { cause, changes, findings } = decision;
  const link = [record.id, cause.kind, decision.scan.id, before?.findings ?? "", at.toISOString()];
  const id = contentId("history", ...link, findings.map(essence).join("\n"));
  const counted = countOpen(findings);
  const isNews = changes.length > 0 || cause.kind === "gone" || before === undefined || wasGone(before);
  const newSet = before === undefined || differs ? id : undefined;
  const scan: ScanSummary = {
    ...decision.scan,
    ...counted,
    findings: newSet ?? before?.findings ?? id,
    changedAt: isNews ? at : before.changedAt,
  };
  const entry = { id, image: record.id, at, cause, changes: countChanges(changes), ...counted };
  return { record: { ...record, scan }, scan, entry: isNews ? entry : undefined, newSet };
}

function essence({ id, severity, fixedVersion = "", ended, exemption }: TrackedFinding): string {
  return [id, severity, fixedVersion, ended?.kind ?? "", exemption?.id ?? ""].join(" ");
}

/** Only an image's disappearance leaves nothing open later than its newest scan: exemptions concern what is open. */
export function wasGone(scan: ScanSummary): boolean {
  const { scannedAt, changedAt } = scan;
  return sumOfOpen(scan) === 0 && changedAt !== undefined && changedAt > scannedAt;
}
