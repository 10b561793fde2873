import { fixedVersion, vulnerabilityOf, type PlannedDatabase, type PlannedFlaw } from "../plan/planned-database.ts";

/** Open findings by vulnerability; each says all that a change can change. */
export type FindingTexts = ReadonlyMap<string, string>;

/** The whole truth about an image that has these packages, as this database knows it. */
export function expectedFindings(packages: readonly number[], database: PlannedDatabase): FindingTexts {
  return new Map(
    packages.flatMap((number) => {
      const flaw = database.get(number);
      return flaw === undefined ? [] : [[vulnerabilityOf(number), flawText(flaw)] as const];
    }),
  );
}

/** Of a finding as the API and the alerts show it. */
export function findingText(finding: {
  readonly severity: string;
  readonly fixedVersion?: string | undefined;
}): string {
  return finding.fixedVersion === undefined ? finding.severity : `${finding.severity}, fixed`;
}

function flawText({ severity, fixed }: PlannedFlaw): string {
  return findingText(fixed ? { severity, fixedVersion } : { severity });
}

export function isSame(one: FindingTexts, other: FindingTexts): boolean {
  return one.size === other.size && [...one].every(([id, text]) => other.get(id) === text);
}

/** By severity, as the API counts. */
export function countTexts(findings: FindingTexts): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { unknown: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const text of findings.values()) {
    const severity = text.replace(/,.*/, "");
    counts[severity] = (counts[severity] ?? 0) + 1;
  }
  return counts;
}
