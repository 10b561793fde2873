import { createHash } from "node:crypto";

import type { AlertedFinding, FindingsChanged } from "../../shared/domain/alert.ts";
import { parseDigest, type Digest } from "../../shared/domain/digest.ts";
import { findingId, type Finding } from "../../shared/domain/finding.ts";
import { imageId, type ImageRecord, type ScanSummary } from "../../shared/domain/image-record.ts";
import {
  parseRegistryHost,
  parseRepository,
  parseTag,
  type ImageReference,
} from "../../shared/domain/image-reference.ts";
import type { HistoryEntry } from "../../shared/domain/history-entry.ts";
import type { AlertEntry, OutboxEntry } from "../../shared/domain/outbox-entry.ts";
import { scanId, type DatabaseVersion, type Scanner } from "../../shared/domain/scan-report.ts";
import { countSeverities } from "../../shared/domain/severity.ts";
import type { TrackedFinding } from "../../shared/domain/tracked-finding.ts";

/** Domain values for tests: every optional part is there, and whatever a test cares about is passed in. */

/** The digest of the given text. */
export function aDigest(text = "an image"): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(text).digest("hex")}`);
}

export function anImage({
  registry = "shop.azurecr.io",
  repository = "team/web",
  digest = aDigest(),
}: { registry?: string; repository?: string; digest?: Digest } = {}): ImageReference {
  return { registry: parseRegistryHost(registry), repository: parseRepository(repository), digest };
}

export const aScanner: Scanner = { name: "trivy", version: "0.74.0" };

export const aDatabase: DatabaseVersion = {
  updatedAt: new Date("2026-03-01T00:00:00.000Z"),
  digest: aDigest("a vulnerability database"),
};

export function aScanSummary(changes: Partial<ScanSummary> & { readonly image?: ImageReference } = {}): ScanSummary {
  const { image = anImage(), ...given } = changes;
  const { id = scanId({ image, database: aDatabase, scanner: aScanner }) } = given;
  return {
    id,
    findings: id,
    changedAt: new Date("2026-03-02T10:00:00.000Z"),
    exempted: 0,
    scannedAt: new Date("2026-03-02T10:00:00.000Z"),
    reason: "pushed",
    scanner: aScanner,
    database: aDatabase,
    operatingSystem: { family: "debian", name: "12.5", endOfLife: false },
    packageCount: 120,
    counts: countSeverities(["high"]),
    ...given,
  };
}

/** A scanned image. The id and the scan's id follow from `image`, unless they are given. */
export function anImageRecord(changes: Partial<ImageRecord> = {}): ImageRecord {
  const { image = anImage() } = changes;
  // A scanned image is not gone.
  const complete: Required<Omit<ImageRecord, "goneTold">> = {
    id: imageId(image),
    image,
    state: { kind: "scanned", since: new Date("2026-03-02T10:00:05.000Z") },
    platform: { os: "linux", architecture: "arm64", variant: "v8" },
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    tags: [parseTag("1.4.2"), parseTag("latest")],
    indexes: [aDigest("an index")],
    firstSeenAt: new Date("2026-03-01T08:00:00.000Z"),
    lastPushedAt: new Date("2026-03-01T08:00:00.000Z"),
    lastPulledAt: new Date("2026-03-02T09:30:00.000Z"),
    announced: [],
    lastPuller: { identity: "kubelet", userAgent: "containerd/2.1" },
    scan: aScanSummary({ image }),
  };
  return { ...complete, ...changes };
}

/** The id follows from the vulnerability and the package, unless it is given. */
export function aFinding(changes: Partial<Finding> = {}): Finding {
  const { vulnerabilityId = flaw.vulnerabilityId, package: vulnerable = flaw.package } = changes;
  const complete: Required<Finding> = {
    ...flaw,
    id: findingId(vulnerabilityId, vulnerable),
    description: "A crafted handshake makes a server read beyond the end of a buffer and stop.",
    references: ["https://security.example/CVE-2026-1001", "https://lists.example/openssl/2026/1"],
  };
  return { ...complete, ...changes };
}

/** Open since the scan of {@link aScanSummary}, unless it says otherwise. */
export function aTrackedFinding(changes: Partial<TrackedFinding> = {}): TrackedFinding {
  const { firstSeenAt = new Date("2026-03-02T10:00:00.000Z"), ended, exemption, ...finding } = changes;
  return { ...aFinding(finding), firstSeenAt, ...(ended && { ended }), ...(exemption && { exemption }) };
}

/** Findings as the store keeps them. */
export function tracked(findings: readonly Finding[]): readonly TrackedFinding[] {
  return findings.map((finding) => ({ firstSeenAt: new Date("2026-03-02T10:00:00.000Z"), ...finding }));
}

export function aHistoryEntry(changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const scan = aScanSummary();
  return {
    id: "00112233445566778899aabbccddeeff",
    image: imageId(anImage()),
    at: scan.scannedAt,
    cause: { kind: "scan", scan: scan.id, reason: "pushed", scanner: aScanner, database: aDatabase },
    changes: { opened: 1 },
    counts: scan.counts,
    exempted: 0,
    ...changes,
  };
}

/** Findings that differ in vulnerability and package: CVE-2026-1, CVE-2026-2, … */
export function manyFindings(count: number, changes: Partial<Finding> = {}): readonly Finding[] {
  return Array.from({ length: count }, (_, index) =>
    aFinding({
      vulnerabilityId: `CVE-2026-${index + 1}`,
      package: { name: `package-${index}`, installedVersion: "1.0.0", type: "debian" },
      ...changes,
    }),
  );
}

export function aFindingsChangedAlert(changes: Partial<FindingsChanged> = {}): FindingsChanged {
  const { image = anImage() } = changes;
  const complete: Required<Omit<FindingsChanged, "platforms">> = {
    kind: "findings.changed",
    cause: "scan",
    id: "0123456789abcdef0123456789abcdef",
    occurredAt: new Date("2026-03-02T10:00:05.000Z"),
    image,
    tags: [parseTag("latest")],
    platform: { os: "linux", architecture: "amd64" },
    part: 1,
    parts: 1,
    scan: {
      id: aScanSummary({ image }).id,
      scannedAt: new Date("2026-03-02T10:00:00.000Z"),
      reason: "pushed",
      scanner: aScanner,
      database: aDatabase,
      endOfLife: false,
    },
    changes: { opened: 1 },
    counts: countSeverities(["high"]),
    exempted: 0,
    highestSeverity: "high",
    fixAvailable: true,
    findings: [{ ...briefFlaw, id: aFinding().id, change: "opened", cvssScore: 7.5 }],
  };
  return { ...complete, ...changes };
}

export function anAlertEntry(
  changes: { readonly id?: string; readonly image?: ImageReference; readonly createdAt?: Date } = {},
): AlertEntry {
  const { id = "0123456789abcdef0123456789abcdef", image = anImage(), createdAt } = changes;
  const alert = aFindingsChangedAlert({ id, image });
  return { kind: "alert", id, image: imageId(image), createdAt: createdAt ?? alert.occurredAt, alert };
}

export function anSbomEntry(
  changes: { readonly id?: string; readonly image?: ImageReference; readonly createdAt?: Date } = {},
): OutboxEntry {
  const { id = "fedcba9876543210fedcba9876543210", image = anImage(), createdAt } = changes;
  return {
    kind: "sbom",
    id,
    image: imageId(image),
    createdAt: createdAt ?? new Date("2026-03-02T10:00:06.000Z"),
    scan: aScanSummary({ image }).id,
  };
}

/** What findings and alerts have in common. */
const briefFlaw: Required<Pick<Finding, BriefMember>> = {
  vulnerabilityId: "CVE-2026-1001",
  aliases: ["DSA-5764-1"],
  package: {
    name: "openssl",
    installedVersion: "3.0.11-1~deb12u2",
    type: "debian",
    purl: "pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=arm64&distro=debian-12.5",
    path: "var/lib/dpkg/status.d/openssl",
  },
  severity: "high",
  status: "fixed",
  fixedVersion: "3.0.14-1~deb12u1",
  title: "openssl: a handshake may read beyond its buffer",
  primaryUrl: "https://security.example/CVE-2026-1001",
  remediation: "Upgrade openssl 3.0.11-1~deb12u2 to 3.0.14-1~deb12u1.",
};

type BriefMember = Exclude<Extract<keyof AlertedFinding, keyof Finding>, "id">;

const flaw: Required<Omit<Finding, "id" | "description" | "references">> = {
  ...briefFlaw,
  severitySource: "debian",
  cvss: { source: "nvd", score: 7.5, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" },
  publishedAt: new Date("2026-02-20T00:00:00.000Z"),
  lastModifiedAt: new Date("2026-02-25T12:30:00.000Z"),
  layer: {
    diffId: aDigest("a layer, unpacked"),
    digest: aDigest("a layer"),
    createdBy: "RUN apt-get install openssl",
  },
};
