import { compareText } from "./compare-text.ts";
import type { Finding } from "./finding.ts";
import { severityRank } from "./severity.ts";

/** The most severe first, then by vulnerability and package. No two findings of an image are equal in it. */
export function bySeverity(a: Finding, b: Finding): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    compareText(a.vulnerabilityId, b.vulnerabilityId) ||
    compareText(a.package.name, b.package.name) ||
    compareText(a.package.installedVersion, b.package.installedVersion) ||
    compareText(a.package.path ?? "", b.package.path ?? "") ||
    compareText(a.id, b.id)
  );
}
