import type { AlertedFinding, AlertedScan, FindingsChanged, ImageAlert } from "./alert.ts";
import { contentId } from "./content-id.ts";
import { countChanges, type ChangeKind, type FindingChange } from "./finding-changes.ts";
import type { HistoryEntry } from "./history-entry.ts";
import type { ImageRecord, ImageState, ScanSummary } from "./image-record.ts";
import { highestSeverity } from "./severity.ts";
import { splitBySize } from "./split-by-size.ts";

/**
 * What is to be told after a scan. Every push and every question is answered by exactly one change, though perhaps in
 * parts; a rescan that found nothing new is silent.
 */
export function decideScanAlerts(
  record: ImageRecord,
  scan: ScanSummary,
  changes: readonly FindingChange[],
  requestedAt: Date,
  before?: ScanSummary,
): readonly ImageAlert[] {
  // The first look at an image that was there before us is a baseline: a registry that is connected is no news.
  if (scan.reason === "discovered" && before === undefined) return [];
  const told = changes.filter(isTold);
  if (told.length > 0)
    return findingsChanged({ record, scan, cause: "scan", changes: told, after: before?.findings ?? "" });
  if (scan.reason === "due") return [];
  return [
    {
      kind: "scan.completed",
      id: contentId("scan.completed", record.id, scan.id, requestedAt.toISOString()),
      ...about(record, scan.scannedAt),
      scan: alertedScan(scan),
      counts: scan.counts,
      exempted: scan.exempted,
    },
  ];
}

/**
 * What is to be told when exemptions began to apply to findings, or ended.
 * @param scan the newest one, with the counts after the change
 */
export function decideExemptionAlerts(
  record: ImageRecord,
  scan: ScanSummary,
  changes: readonly FindingChange[],
  entry: Pick<HistoryEntry, "id" | "at">,
): readonly ImageAlert[] {
  const told = changes.filter(isTold);
  if (told.length === 0) return [];
  return findingsChanged({ record, scan, cause: "exemptions", changes: told, after: entry.id, at: entry.at });
}

/**
 * For a record whose state is failed, unscannable or gone; none for other states.
 * @param before its state until now, if it had one
 */
export function decideStateAlerts(record: ImageRecord, before?: ImageState): readonly ImageAlert[] {
  const { state } = record;
  const id = contentId(state.kind, record.id, state.since.toISOString());
  const common = { id, ...about(record, state.since) };
  switch (state.kind) {
    case "failed":
      return [
        { kind: "scan.failed", ...common, failure: state.failure, detail: state.detail, attempts: state.attempts },
      ];
    case "unscannable":
      if (isOfNoImage(state)) return [];
      return [{ kind: "image.unscannable", ...common, reason: state.reason, detail: state.detail }];
    case "gone":
      return isOfNoImage(before) ? [] : [{ kind: "image.gone", ...common }];
    case "waiting":
    case "scanning":
    case "scanned":
    case "expanded":
      return [];
  }
}

/**
 * Room for findings in one message, measured as JSON inside a JSON string: that is how an event travels in a webhook
 * delivery, and every quote, backslash and control character counts twice there. The event itself stays under 200 KB,
 * the delivery under Service Bus' 256 KB.
 */
export const maximumPartBytes = 180_000;

/** A change of a finding that is exempted is history and no news; that it became so, or no longer is, is. */
function isTold({ kind, exemption }: FindingChange): boolean {
  return exemption === undefined || kind === "exempted" || kind === "exemptionEnded";
}

/** Attestations, signatures and charts come with nearly every push: they are recorded, and not told. */
function isOfNoImage(state: ImageState | undefined): boolean {
  return state?.kind === "unscannable" && state.reason === "not-an-image";
}

interface Told {
  readonly record: ImageRecord;
  readonly scan: ScanSummary;
  readonly cause: FindingsChanged["cause"];
  readonly changes: readonly FindingChange[];
  /** What tells this change from others with the same scan: the set of findings before it, or the entry of the history. */
  readonly after: string;
  readonly at?: Date;
}

function findingsChanged({ record, scan, cause, changes, after, at }: Told): readonly FindingsChanged[] {
  const parts = splitBySize(changes.map(alertedFinding), maximumPartBytes);
  return parts.map((findings, index) => ({
    kind: "findings.changed",
    // An entry and the set of findings that comes of it share their id, so a scan may follow from what is told of one.
    id: contentId("findings.changed", cause, record.id, after, scan.id, index.toString()),
    ...about(record, at ?? scan.scannedAt),
    cause,
    part: index + 1,
    parts: parts.length,
    scan: alertedScan(scan),
    changes: countChanges(changes),
    counts: scan.counts,
    exempted: scan.exempted,
    highestSeverity: highestOf(changes),
    fixAvailable: changes.some(({ kind, finding }) => !quietKinds.has(kind) && finding.fixedVersion !== undefined),
    findings,
  }));
}

/** After these a finding does not count as open. */
const quietKinds: ReadonlySet<ChangeKind> = new Set<ChangeKind>(["exempted", "resolved", "retracted"]);

function highestOf(changes: readonly FindingChange[]) {
  const loud = changes.filter(({ kind }) => kind !== "exempted");
  const all = loud.flatMap(({ finding, previousSeverity = [] }) => [finding.severity, previousSeverity].flat());
  return highestSeverity(all) ?? "unknown";
}

function about({ image, tags, platform }: ImageRecord, occurredAt: Date) {
  return { occurredAt, image, tags, platform };
}

function alertedScan({ id, scannedAt, reason, scanner, database, operatingSystem }: ScanSummary): AlertedScan {
  return { id, scannedAt, reason, scanner, database, endOfLife: operatingSystem?.endOfLife ?? false };
}

function alertedFinding({ kind, finding, previousSeverity, exemption }: FindingChange): AlertedFinding {
  const { id, vulnerabilityId, aliases, severity, status, fixedVersion, title, primaryUrl, remediation } = finding;
  return {
    ...{ change: kind, id, vulnerabilityId, aliases, package: finding.package, severity, previousSeverity },
    ...{ cvssScore: finding.cvss?.score, status, fixedVersion, title, primaryUrl, remediation },
    exemption: exemption?.id,
  };
}
