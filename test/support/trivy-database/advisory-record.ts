import { SEVERITIES, SEVERITY_SOURCES, STATUSES, type Advisory, type AffectedPackage } from "./advisory.ts";

/** The JSON below `vulnerability` → id: `Vulnerability` in trivy-db's pkg/types. */
export function vulnerabilityRecord(advisory: Advisory): object {
  const severities = SEVERITY_SOURCES.flatMap((source) => {
    const severity = advisory.severities[source];
    return severity === undefined ? [] : [{ source, severity }];
  });
  const cvss = Object.entries(advisory.cvss);
  return {
    Title: advisory.title,
    Description: advisory.description,
    Severity: (severities[0]?.severity ?? "unknown").toUpperCase(),
    CweIDs: advisory.weaknesses,
    VendorSeverity: Object.fromEntries(
      severities.map(({ source, severity }) => [source, SEVERITIES.indexOf(severity)]),
    ),
    CVSS: Object.fromEntries(
      cvss.map(([source, { v3Vector, v3Score }]) => [source, { V3Vector: v3Vector, V3Score: v3Score }]),
    ),
    References: advisory.references,
    PublishedDate: advisory.publishedAt,
    LastModifiedDate: advisory.lastModifiedAt,
  };
}

/** The JSON below bucket → package → id: `Advisory`, and for Rocky `Advisories`, in trivy-db's pkg/types. */
export function advisoryRecord(affected: AffectedPackage): object {
  if ("vulnerableVersions" in affected)
    return {
      VendorIDs: affected.vendorIds,
      VulnerableVersions: affected.vulnerableVersions,
      PatchedVersions: affected.patchedVersions,
    };

  if ("architectures" in affected) {
    const { fixedVersion, architectures, vendorIds } = affected;
    return {
      FixedVersion: fixedVersion,
      Entries: [{ FixedVersion: fixedVersion, Arches: architectures, VendorIDs: vendorIds }],
    };
  }

  const { fixedVersion, status = "unknown", severity = "unknown", vendorIds } = affected;
  return {
    FixedVersion: fixedVersion,
    Status: STATUSES.indexOf(status),
    Severity: SEVERITIES.indexOf(severity),
    VendorIDs: vendorIds,
  };
}
