import type { ScanId } from "../domain/scan-report.ts";

/** The scanner's raw report, kept until the SBOM is made of it. */
export function reportName(scan: ScanId): string {
  return `reports/${scan}.json`;
}

/** CycloneDX JSON, gzip. */
export function sbomName(scan: ScanId): string {
  return `sboms/${scan}.cdx.json.gz`;
}
