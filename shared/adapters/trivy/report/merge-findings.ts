import { collapseAliases } from "../../../domain/collapse-aliases.ts";
import { bySeverity } from "../../../domain/finding-order.ts";
import type { Finding } from "../../../domain/finding.ts";

/** Each flaw of a package once, the most severe first. Of two with one id the more severe stays. */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of [...findings].sort(bySeverity)) {
    const first = merged.get(finding.id);
    if (first === undefined) merged.set(finding.id, finding);
    else merged.set(finding.id, { ...first, aliases: [...new Set([...first.aliases, ...finding.aliases])] });
  }
  return [...collapseAliases([...merged.values()])].sort(bySeverity);
}
