import type { Finding } from "../../../../shared/domain/finding.ts";
import { imageId } from "../../../../shared/domain/image-record.ts";
import type { ImageReference } from "../../../../shared/domain/image-reference.ts";
import { aDatabase, aDigest, aFinding, aScanner, aScanSummary } from "../../../support/samples.ts";

/** Documents as the first version of the store wrote them, spelt out: the code that wrote them is gone. */

/** @param high how many findings the scan counts; without it the image waits for its first scan */
export function firstImage(image: ImageReference, high?: number): string {
  const counts = { unknown: 0, low: 0, medium: 0, high, critical: 0 };
  const scan = {
    id: aScanSummary({ image }).id,
    scannedAt: "2026-03-02T10:00:00.000Z",
    reason: "pushed",
    scanner: aScanner,
    database: aDatabase,
    operatingSystem: { family: "debian", name: "12.5", endOfLife: false },
    packageCount: 120,
    counts,
  };
  const scanned = { kind: "scanned", since: "2026-03-02T10:00:05.000Z" };
  const waiting = { kind: "waiting", since: "2026-03-02T10:00:05.000Z", reason: "pushed" };
  return JSON.stringify({
    schema: 1,
    id: imageId(image),
    image,
    state: high === undefined ? waiting : scanned,
    platform: { os: "linux", architecture: "arm64", variant: "v8" },
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    tags: ["1.4.2", "latest"],
    indexes: [aDigest("an index")],
    firstSeenAt: "2026-03-01T08:00:00.000Z",
    ...(high !== undefined && { scan, lastCheckedAt: "2026-03-02T10:00:00.000Z", highestSeverity: 3 }),
  });
}

export function firstFindings(scan: string, findings: readonly Finding[]): string {
  const vulnerabilityIds = findings.map(({ vulnerabilityId }) => vulnerabilityId);
  return JSON.stringify({ schema: 1, scan, ordinal: 0, vulnerabilityIds, findings });
}

export function firstOutboxEntry(image: ImageReference): string {
  const { id, vulnerabilityId, aliases, severity, status, fixedVersion, title, primaryUrl, remediation } = aFinding();
  const flaw = { id, vulnerabilityId, aliases, severity, status, fixedVersion, title, primaryUrl, remediation };
  return JSON.stringify({
    schema: 1,
    kind: "alert",
    id: "an-alert",
    image: imageId(image),
    createdAt: "2026-03-02T10:00:05.000Z",
    alert: {
      kind: "findings.changed",
      id: "an-alert",
      occurredAt: "2026-03-02T10:00:05.000Z",
      image,
      tags: ["latest"],
      platform: { os: "linux", architecture: "amd64" },
      part: 1,
      parts: 1,
      scan: {
        id: aScanSummary({ image }).id,
        scannedAt: "2026-03-02T10:00:00.000Z",
        reason: "pushed",
        scanner: aScanner,
        database: aDatabase,
        endOfLife: false,
      },
      changes: { opened: 1 },
      counts: { unknown: 0, low: 0, medium: 0, high: 1, critical: 0 },
      highestSeverity: "high",
      fixAvailable: true,
      findings: [{ ...flaw, package: aFinding().package, change: "opened", cvssScore: 7.5 }],
    },
  });
}
