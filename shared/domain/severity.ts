/** From least to most severe, spelt and ordered as Trivy's database does (0 to 4). */
export const severities = ["unknown", "low", "medium", "high", "critical"] as const;

export type Severity = (typeof severities)[number];

export function isSeverity(text: string): text is Severity {
  return severities.some((severity) => severity === text);
}

/** 0 for unknown to 4 for critical: the number that subscriptions filter on. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severityRank(severity) >= severityRank(threshold);
}

/** Undefined when there is none to choose from. */
export function highestSeverity(all: Iterable<Severity>): Severity | undefined {
  let highest: Severity | undefined;
  for (const severity of all)
    if (highest === undefined || severityRank(severity) > severityRank(highest)) highest = severity;
  return highest;
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

export function countSeverities(all: Iterable<Severity>): SeverityCounts {
  const counts = { unknown: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const severity of all) counts[severity] += 1;
  return counts;
}

export function addSeverities(one: SeverityCounts, other: SeverityCounts): SeverityCounts {
  const sum = { ...one };
  for (const severity of severities) sum[severity] += other[severity];
  return sum;
}
