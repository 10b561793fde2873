import { compareText } from "./compare-text.ts";
import type { Finding } from "./finding.ts";
import { severityRank } from "./severity.ts";

/**
 * Findings that are one flaw of one package under two names, such as CVE-… and GHSA-…, become one: where the name of one
 * is among the aliases of the other. Its name is the CVE, before the GHSA, before others. That both share an alias is
 * not enough: an advisory of a distribution covers many flaws. Neither is a third finding that names both.
 */
export function collapseAliases(findings: readonly Finding[]): readonly Finding[] {
  const names = new Set(findings.map(({ vulnerabilityId }) => vulnerabilityId));
  // Most reports have nothing to collapse, and some have 20,000 findings.
  if (!findings.some(({ aliases }) => aliases.some((alias) => names.has(alias)))) return findings;
  return [...Map.groupBy(findings, packageKey).values()].flatMap(collapse);
}

/** What identifies a package within an image. */
function packageKey({ package: { type, name, installedVersion, purl, path } }: Finding): string {
  return JSON.stringify([type, purl ?? name, installedVersion, path]);
}

function collapse(ofOnePackage: readonly Finding[]): readonly Finding[] {
  const kept = new Map<string, Finding>();
  const keptByAlias = new Map<string, string[]>();
  for (const finding of ofOnePackage.toSorted(byName)) {
    const { vulnerabilityId, aliases } = finding;
    const same = new Set([...aliases, ...(keptByAlias.get(vulnerabilityId) ?? [])].filter((name) => kept.has(name)));
    for (const name of same) {
      const preferred = kept.get(name);
      if (preferred !== undefined) kept.set(name, join(preferred, finding));
    }
    if (same.size > 0) continue;
    kept.set(vulnerabilityId, finding);
    for (const alias of aliases) {
      const named = keptByAlias.get(alias);
      if (named === undefined) keptByAlias.set(alias, [vulnerabilityId]);
      else named.push(vulnerabilityId);
    }
  }
  return [...kept.values()];
}

function join(preferred: Finding, other: Finding): Finding {
  const severer = severityRank(other.severity) > severityRank(preferred.severity) ? other : preferred;
  // What to do follows from the fixed version, so both come from one of the two.
  const mended = preferred.fixedVersion === undefined && other.fixedVersion !== undefined ? other : preferred;
  const aliases = new Set([...preferred.aliases, other.vulnerabilityId, ...other.aliases]);
  aliases.delete(preferred.vulnerabilityId);
  return {
    ...preferred,
    aliases: [...aliases],
    severity: severer.severity,
    severitySource: severer.severitySource,
    status: mended.status,
    fixedVersion: mended.fixedVersion,
    remediation: mended.remediation,
  };
}

function byName(a: Finding, b: Finding): number {
  return preference(a) - preference(b) || compareText(a.vulnerabilityId, b.vulnerabilityId);
}

function preference({ vulnerabilityId }: Finding): number {
  if (vulnerabilityId.startsWith("CVE-")) return 0;
  return vulnerabilityId.startsWith("GHSA-") ? 1 : 2;
}
