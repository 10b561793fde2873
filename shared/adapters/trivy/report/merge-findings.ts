import type { Finding } from "../../../domain/finding.ts";
import { severityRank } from "../../../domain/severity.ts";

/** Each id once, most severe first, then by vulnerability and package. Of two with one id the more severe stays. */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of [...findings].sort(compare)) {
    const first = merged.get(finding.id);
    if (first === undefined) merged.set(finding.id, finding);
    else merged.set(finding.id, { ...first, aliases: [...new Set([...first.aliases, ...finding.aliases])] });
  }
  return [...merged.values()];
}

function compare(a: Finding, b: Finding): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    compareText(a.vulnerabilityId, b.vulnerabilityId) ||
    compareText(a.package.name, b.package.name) ||
    compareText(a.package.installedVersion, b.package.installedVersion) ||
    compareText(a.package.path ?? "", b.package.path ?? "") ||
    compareText(a.id, b.id)
  );
}

/** By code unit: the same on every machine, and faster than by language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
