import { contentId } from "./content-id.ts";
import { countChanges, type FindingChange } from "./finding-changes.ts";
import type { FindingId } from "./finding.ts";
import type { HistoryEntry } from "./history-entry.ts";

export interface SummedUp {
  readonly entry: HistoryEntry;
  readonly changes: readonly FindingChange[];
}

/**
 * One entry in the place of an image's first ones: at the instant of the last of them, with everything that was open
 * then as if it had opened there. What was known at that instant and at any later one stays the same.
 * @param entries the image's first, oldest first
 * @param changes what each of them changed
 */
export function sumUpHistory(
  entries: readonly HistoryEntry[],
  changes: readonly (readonly FindingChange[])[],
): SummedUp | undefined {
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  const open = new Map<FindingId, FindingChange>();
  for (const { kind, finding, exemption } of changes.flat())
    if (kind === "resolved" || kind === "retracted") open.delete(finding.id);
    else if (kind === "exemptionEnded" || exemption === undefined) open.set(finding.id, { kind: "opened", finding });
    else open.set(finding.id, { kind: "exempted", finding, exemption });
  const summedUp = [...open.values()];
  const entry = { ...last, id: contentId("summed-up", last.image, last.id), changes: countChanges(summedUp) };
  return { entry, changes: summedUp };
}
