import { countSeverities, type SeverityCounts } from "./severity.ts";
import type { TrackedFinding } from "./tracked-finding.ts";

/** How many findings are open and not exempted, by severity; and how many are open and exempted. */
export function countOpen(tracked: readonly TrackedFinding[]): {
  readonly counts: SeverityCounts;
  readonly exempted: number;
} {
  const open = tracked.filter(({ ended }) => ended === undefined);
  const counting = open.filter(({ exemption }) => exemption === undefined);
  return { counts: countSeverities(counting.map(({ severity }) => severity)), exempted: open.length - counting.length };
}
