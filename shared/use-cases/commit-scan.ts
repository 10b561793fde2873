import { contentId } from "../domain/content-id.ts";
import { decideScanAlerts } from "../domain/decide-alerts.ts";
import { compareFindings, type FindingChange } from "../domain/finding-changes.ts";
import { imageId, type ImageRecord, type Lease, type ScanSummary } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import type { ScanOutcome } from "../domain/scan-outcome.ts";
import { scanId, type ScanReport } from "../domain/scan-report.ts";
import type { ScanReason, ScanRequest } from "../domain/scan-request.ts";
import { countSeverities } from "../domain/severity.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Log } from "../ports/log.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { alertEntries } from "./alert-entries.ts";
import { reportName } from "./blob-names.ts";
import { relayOutbox } from "./relay-outbox.ts";
import type { SettleImagePorts } from "./settle-image.ts";
import { updateImage } from "./update-image.ts";

export interface CommitScanPorts extends SettleImagePorts {
  readonly images: ImageStore;
  readonly blobs: BlobStore;
  readonly scanRequests: ScanRequests;
  readonly log: Log;
}

interface FinishedScan {
  readonly request: ScanRequest;
  readonly record: ImageRecord;
  readonly lease: Lease;
  readonly outcome: Extract<ScanOutcome, { kind: "scanned" }>;
}

/**
 * Makes a result visible at once or not at all: findings and report are written under the scan's id, where nobody
 * looks yet; one conditional write then points the record at them and adds what has to be told.
 */
export const commitScan = (ports: CommitScanPorts) => {
  const relay = relayOutbox(ports);
  return async ({ request, record, lease, outcome }: FinishedScan) => {
    const { images, blobs } = ports;
    const { report } = outcome;
    const scan = summarise(report, request.reason);
    const before = record.scan;
    const isNew = before?.id !== scan.id;
    if (isNew) {
      await images.saveFindings(record.id, scan.id, report.findings);
      await blobs.saveFile(reportName(scan.id), outcome.rawReport.file);
    }
    const changes = isNew ? await changesSince(images, record, report) : [];

    const committed = { superseded: false, alerts: 0 };
    await updateImage<ImageRecord | undefined>(images, imageId(request.image), async (known) => {
      committed.superseded = known?.state.kind !== "scanning" || known.state.lease.holder !== lease.holder;
      if (known === undefined || committed.superseded) return { unchanged: known };
      const next: ImageRecord = { ...known, state: { kind: "scanned", since: report.scannedAt }, scan };
      const told = decideScanAlerts(next, scan, changes, request.requestedAt);
      committed.alerts = told.length;
      const sbom: OutboxEntry = {
        kind: "sbom",
        id: contentId("sbom", record.id, scan.id),
        image: record.id,
        createdAt: report.scannedAt,
        scan: scan.id,
      };
      return {
        record: next,
        outbox: [...(await alertEntries(blobs, record.id, told, report.scannedAt)), ...(isNew ? [sbom] : [])],
      };
    });
    if (committed.superseded) return { kind: "superseded" } as const;
    await relay(record.id);
    // Readers that began with the old scan see that the record moved on, and read again.
    if (before !== undefined && isNew) await images.removeFindings(record.id, before.id);
    return { kind: "scanned", findings: report.findings.length, alerts: committed.alerts } as const;
  };
};

function summarise(report: ScanReport, reason: ScanReason): ScanSummary {
  const { scannedAt, scanner, database, operatingSystem, packageCount } = report;
  const counts = countSeverities(report.findings.map(({ severity }) => severity));
  return { id: scanId(report), scannedAt, reason, scanner, database, operatingSystem, packageCount, counts };
}

async function changesSince(
  images: Pick<ImageStore, "readFindings">,
  { id, scan }: ImageRecord,
  { findings }: ScanReport,
): Promise<readonly FindingChange[]> {
  const before = scan === undefined ? [] : await images.readFindings(id, scan.id);
  return compareFindings(before, findings);
}
