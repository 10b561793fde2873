import type { Alert } from "../domain/alert.ts";
import { contentId } from "../domain/content-id.ts";
import { decideScanAlerts } from "../domain/decide-alerts.ts";
import { compareFindings, type FindingChange } from "../domain/finding-changes.ts";
import { imageId, type ImageId, type ImageRecord, type Lease, type ScanSummary } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import type { ScanOutcome } from "../domain/scan-outcome.ts";
import { scanId, type ScanId, type ScanReport } from "../domain/scan-report.ts";
import type { ScanReason, ScanRequest } from "../domain/scan-request.ts";
import { countSeverities } from "../domain/severity.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { alertEntries } from "./alert-entries.ts";
import { reportName } from "./blob-names.ts";
import { readScanFindings } from "./read-findings.ts";
import { publishOutbox, type PublishOutboxPorts } from "./publish-outbox.ts";
import { updateImage } from "./update-image.ts";

export interface CommitScanPorts extends PublishOutboxPorts {
  readonly images: ImageStore;
  readonly blobs: BlobStore;
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
  const { images, blobs } = ports;
  const publish = publishOutbox(ports);
  return async ({ request, record, lease, outcome }: FinishedScan) => {
    const { report } = outcome;
    const scan = summarise(report, request.reason);
    const before = record.scan;
    // Instances refresh their databases each for itself: what an older one finds would be a step back.
    const isOlder = before !== undefined && report.database.updatedAt < before.database.updatedAt;
    const isNew = before?.id !== scan.id && !isOlder;
    const changes = isNew ? await changesSince(images, record, report) : [];
    // It takes as long as deciding what to tell, and storing that, so both go on at the same time.
    const saving = isNew ? saveResult(ports, record.id, scan.id, outcome) : Promise.resolve([]);

    const committed: Committed = { superseded: false, alerts: [], outbox: [] };
    await updateImage<ImageRecord | undefined>(images, imageId(request.image), async (known) => {
      committed.superseded = known?.state.kind !== "scanning" || known.state.lease.holder !== lease.holder;
      if (known === undefined || committed.superseded) return { unchanged: known };
      const next: ImageRecord = { ...known, state: { kind: "scanned", since: report.scannedAt } };
      if (isOlder) return { record: next };
      const alerts = decideScanAlerts({ ...next, scan }, scan, changes, request.requestedAt, before);
      const told = await alertEntries(blobs, record.id, alerts, report.scannedAt);
      const outbox = isNew ? [...told, sbomEntry(record.id, scan)] : told;
      throwFirstRejection(await saving);
      Object.assign(committed, { alerts, outbox });
      return { record: { ...next, scan }, outbox };
    }).finally(() => saving);
    if (committed.superseded) return { kind: "superseded" } as const;
    await publish(committed.outbox, committed.alerts);
    // Readers that began with the old scan see that the record moved on, and read again.
    if (before !== undefined && isNew) await images.removeFindings(record.id, before.id);
    return { kind: "scanned", findings: report.findings.length, alerts: committed.alerts.length } as const;
  };
};

interface Committed {
  superseded: boolean;
  alerts: readonly Alert[];
  outbox: readonly OutboxEntry[];
}

/** Never rejects, so that everything has ended, well or badly, before the report's file is gone. */
async function saveResult(
  { images, blobs }: CommitScanPorts,
  image: ImageId,
  scan: ScanId,
  { report, rawReport }: FinishedScan["outcome"],
): Promise<readonly PromiseSettledResult<void>[]> {
  return Promise.allSettled([
    images.saveFindings(image, scan, report.findings),
    blobs.saveFile(reportName(scan), rawReport.file),
  ]);
}

function throwFirstRejection(ends: readonly PromiseSettledResult<void>[]): void {
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

function sbomEntry(image: ImageId, scan: ScanSummary): OutboxEntry {
  return { kind: "sbom", id: contentId("sbom", image, scan.id), image, createdAt: scan.scannedAt, scan: scan.id };
}

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
  return compareFindings(scan === undefined ? [] : await readScanFindings(images, id, scan), findings);
}
