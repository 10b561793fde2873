import { countSeverities, type SeverityCounts } from "./severity.ts";
import type { TrackedFinding } from "./tracked-finding.ts";

/** How many findings are open and not exempted, by severity; and how many are open and exempted. */
export interface OpenCounts {
  readonly counts: SeverityCounts;
  readonly exempted: number;
}

export function countOpen(tracked: readonly TrackedFinding[]): OpenCounts {
  const open = tracked.filter(({ ended }) => ended === undefined);
  const counting = open.filter(({ exemption }) => exemption === undefined);
  return { counts: countSeverities(counting.map(({ severity }) => severity)), exempted: open.length - counting.length };
}

export function sumOfOpen({ counts, exempted }: OpenCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, exempted);
}
