import { contentId } from "../domain/content-id.ts";
import { decideScanAlerts } from "../domain/decide-alerts.ts";
import { decideScan } from "../domain/decide-life.ts";
import { wasGone } from "../domain/follow-record.ts";
import {
  holds,
  imageId,
  type ImageId,
  type ImageRecord,
  type JudgedScan,
  type Lease,
  type ScanSummary,
} from "../domain/image-record.ts";
import type { SbomEntry } from "../domain/outbox-entry.ts";
import type { ScanOutcome } from "../domain/scan-outcome.ts";
import { scanId, type ScanReport } from "../domain/scan-report.ts";
import type { ScanReason, ScanRequest } from "../domain/scan-request.ts";
import type { CurrentExemptions, Exemptions } from "../ports/exemptions.ts";
import { reportName } from "./blob-names.ts";
import { recordChanges, type ImageChange, type KnownImage, type RecordChangesPorts } from "./record-changes.ts";

export interface CommitScanPorts extends RecordChangesPorts {
  readonly exemptions: Exemptions;
}

interface FinishedScan {
  readonly request: ScanRequest;
  readonly lease: Lease;
  readonly outcome: Extract<ScanOutcome, { kind: "scanned" }>;
}

/** Makes a result visible at once or not at all, if the lease still holds. */
export const commitScan = (ports: CommitScanPorts) => {
  const record = recordChanges(ports);
  return async (finished: FinishedScan) => {
    const { request, lease, outcome } = finished;
    const exemptions = await ports.exemptions.current();
    // The file is moved, so there is nothing to save when the change is decided again.
    let saved: Promise<void> | undefined;
    const saveReport = () =>
      (saved ??= ports.blobs.saveFile(reportName(scanId(outcome.report)), outcome.rawReport.file));

    const recorded = await record(imageId(request.image), async (found) =>
      found.record !== undefined && holds(found.record, lease)
        ? changeBy(finished, found, found.record, { exemptions, saveReport })
        : undefined,
    );
    if (recorded.kind === "unchanged") return { kind: "superseded" } as const;
    return { kind: "scanned", findings: outcome.report.findings.length, alerts: recorded.alerts.length } as const;
  };
};

async function changeBy(
  { request, outcome: { report } }: FinishedScan,
  { tracked, after }: KnownImage,
  known: ImageRecord,
  { exemptions, saveReport }: { readonly exemptions: CurrentExemptions; readonly saveReport: () => Promise<void> },
): Promise<ImageChange> {
  const before = known.scan;
  const state = { kind: "scanned", since: report.scannedAt } as const;
  const record: ImageRecord = { ...known, state, goneTold: undefined };
  if (isOlder(report, before)) return { record, at: report.scannedAt };

  const scan = judged(report, before === undefined ? firstReason(request, known) : request.reason);
  const at = after(report.scannedAt);
  const life = decideScan({
    tracked: await tracked(),
    report,
    previous: before,
    exemptions: exemptions.of(record, at),
    at,
  });
  const { id, reason, scanner, database } = scan;
  return {
    record,
    at,
    findings: {
      ...life,
      cause: { kind: "scan", scan: id, reason, scanner, database },
      scan,
      alerts: (next, summary) => decideScanAlerts(next, summary, life.changes, request.requestedAt, before),
    },
    ...(before?.id !== id && { outbox: [sbomEntry(known.id, scan)], save: saveReport }),
  };
}

/** Instances refresh their databases each for itself: what an older one finds would be a step back. */
function isOlder({ database }: ScanReport, before: ScanSummary | undefined): boolean {
  return before !== undefined && database.updatedAt < before.database.updatedAt && !wasGone(before);
}

/** A push that came after a walk or a pull had shown the image may be answered by their request, and is told then, too. */
function firstReason({ reason }: ScanRequest, { lastPushedAt }: ImageRecord): ScanReason {
  return reason === "discovered" && lastPushedAt !== undefined ? "pushed" : reason;
}

function judged(report: ScanReport, reason: ScanReason): JudgedScan {
  const { scannedAt, scanner, database, operatingSystem, packageCount } = report;
  return { id: scanId(report), scannedAt, reason, scanner, database, operatingSystem, packageCount };
}

function sbomEntry(image: ImageId, { id: scan, scannedAt }: JudgedScan): SbomEntry {
  return { kind: "sbom", id: contentId("sbom", image, scan), image, createdAt: scannedAt, scan };
}
