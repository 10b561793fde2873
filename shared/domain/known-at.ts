import { bySeverity } from "./finding-order.ts";
import type { FindingId } from "./finding.ts";
import type { FindingChange } from "./finding-changes.ts";
import type { HistoryEntry } from "./history-entry.ts";
import type { TrackedFinding } from "./tracked-finding.ts";

/** An entry of an image's history with what it changed. */
export interface RecordedChanges extends Pick<HistoryEntry, "at"> {
  readonly changes: readonly FindingChange[];
}

/**
 * What was open, exempted findings among it, after these entries: the most severe first. Each finding is as it was when
 * it last changed; its severity and its exemption are those of then.
 * @param entries the image's first and those that follow it, oldest first
 */
export function knownAt(entries: readonly RecordedChanges[]): readonly TrackedFinding[] {
  const open = new Map<FindingId, TrackedFinding>();
  const firstSeen = new Map<FindingId, Date>();
  for (const { at, changes } of entries)
    for (const { kind, finding, exemption } of changes) {
      const firstSeenAt = firstSeen.get(finding.id) ?? at;
      firstSeen.set(finding.id, firstSeenAt);
      if (kind === "resolved" || kind === "retracted") open.delete(finding.id);
      else
        open.set(finding.id, {
          ...finding,
          firstSeenAt,
          ended: undefined,
          exemption: kind === "exemptionEnded" ? undefined : exemption,
        });
    }
  return [...open.values()].sort(bySeverity);
}
