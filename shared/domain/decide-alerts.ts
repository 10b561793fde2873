import type { Alert, AlertedFinding, FindingsChanged } from "./alert.ts";
import { contentId } from "./content-id.ts";
import type { ChangeKind, FindingChange } from "./finding-changes.ts";
import type { ImageRecord, ImageState, ScanSummary } from "./image-record.ts";
import { highestSeverity } from "./severity.ts";

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
): readonly Alert[] {
  // The first look at an image that was there before us is a baseline: a registry that is connected is no news.
  if (scan.reason === "discovered" && before === undefined) return [];
  if (changes.length > 0) return findingsChanged(record, scan, before, changes);
  if (scan.reason === "due") return [];
  return [
    {
      kind: "scan.completed",
      id: contentId("scan.completed", record.id, scan.id, requestedAt.toISOString()),
      ...about(record, scan.scannedAt),
      scan: alertedScan(scan),
      counts: scan.counts,
    },
  ];
}

/**
 * For a record whose state is failed, unscannable or gone; none for other states.
 * @param before its state until now, if it had one
 */
export function decideStateAlerts(record: ImageRecord, before?: ImageState): readonly Alert[] {
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

/** Attestations, signatures and charts come with nearly every push: they are recorded, and not told. */
function isOfNoImage(state: ImageState | undefined): boolean {
  return state?.kind === "unscannable" && state.reason === "not-an-image";
}

/**
 * Room for findings in one message, measured as JSON inside a JSON string: that is how an event travels in a webhook
 * delivery, and every quote, backslash and control character counts twice there. The event itself stays under 200 KB,
 * the delivery under Service Bus' 256 KB.
 */
const maximumPartBytes = 180_000;

function findingsChanged(
  record: ImageRecord,
  scan: ScanSummary,
  before: ScanSummary | undefined,
  changes: readonly FindingChange[],
): readonly FindingsChanged[] {
  const open = changes.filter(({ kind }) => kind !== "resolved").map(({ finding }) => finding);
  const parts = splitBySize(changes.map(alertedFinding), maximumPartBytes);
  return parts.map((findings, index) => ({
    kind: "findings.changed",
    id: contentId("findings.changed", record.id, before?.id ?? "", scan.id, index.toString()),
    ...about(record, scan.scannedAt),
    part: index + 1,
    parts: parts.length,
    scan: alertedScan(scan),
    changes: countChanges(changes),
    counts: scan.counts,
    highestSeverity:
      highestSeverity(
        changes.flatMap(({ finding, previousSeverity = [] }) => [finding.severity, previousSeverity].flat()),
      ) ?? "unknown",
    fixAvailable: open.some(({ fixedVersion }) => fixedVersion !== undefined),
    findings,
  }));
}

function about({ image, tags, platform }: ImageRecord, occurredAt: Date) {
  return { occurredAt, image, tags, platform };
}

function alertedScan({ id, scannedAt, reason, scanner, database, operatingSystem }: ScanSummary) {
  return { id, scannedAt, reason, scanner, database, endOfLife: operatingSystem?.endOfLife ?? false };
}

function alertedFinding({ kind, finding, previousSeverity }: FindingChange): AlertedFinding {
  const { id, vulnerabilityId, aliases, severity, status, fixedVersion, title, primaryUrl, remediation } = finding;
  return {
    ...{ change: kind, id, vulnerabilityId, aliases, package: finding.package, severity, previousSeverity },
    ...{ cvssScore: finding.cvss?.score, status, fixedVersion, title, primaryUrl, remediation },
  };
}

function countChanges(changes: readonly FindingChange[]): Partial<Record<ChangeKind, number>> {
  const counts: Partial<Record<ChangeKind, number>> = {};
  for (const { kind } of changes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function splitBySize<T>(items: readonly T[], maximumBytes: number): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = bytesWithin(JSON.stringify(item));
    const part = parts.at(-1);
    if (part === undefined || size > room) {
      parts.push([item]);
      room = maximumBytes - size;
    } else {
      part.push(item);
      room -= size;
    }
  }
  return parts;
}

/** UTF-8 bytes of a text as a string inside other JSON, where quotes and backslashes are escaped. */
function bytesWithin(json: string): number {
  return encoder.encode(json).length + (json.match(/["\\]/g)?.length ?? 0) + 2;
}

const encoder = new TextEncoder();
