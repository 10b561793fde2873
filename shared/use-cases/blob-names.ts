import type { ScanId } from "../domain/scan-report.ts";

export const reportsPrefix = "reports/";
export const sbomsPrefix = "sboms/";
export const alertsPrefix = "alerts/";

/** The scanner's raw report, kept until the SBOM is made of it. */
export function reportName(scan: ScanId): string {
  return `${reportsPrefix}${scan}.json`;
}

/** CycloneDX JSON, gzip. */
export function sbomName(scan: ScanId): string {
  return `${sbomsPrefix}${scan}.cdx.json.gz`;
}

/** Parts of an alert between their commit and their publication. */
export function alertsName(alertId: string): string {
  return `${alertsPrefix}${alertId}.json`;
}

/** Of a report or an SBOM. */
export function scanOfBlob(name: string): ScanId {
  return /^[a-z]+\/([0-9a-z-]+)/.exec(name)?.[1] ?? "";
}
