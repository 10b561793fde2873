import { atLeast } from "../domain/severity.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { FindingFilter } from "./api-requests.ts";

/**
 * A finding as the API shows it.
 * @param seenAt when the newest scan was, where that is known: what is open was seen then
 */
export function toFindingJson({ firstSeenAt, ended, exemption, ...finding }: TrackedFinding, seenAt?: Date) {
  const life =
    ended === undefined
      ? { firstSeenAt, lastSeenAt: seenAt, exemption }
      : { firstSeenAt, lastSeenAt: ended.lastSeenAt, resolvedAt: ended.at, resolution: ended.kind };
  return { ...finding, ...life };
}

export function isWanted(finding: TrackedFinding, wanted: FindingFilter): boolean {
  const { severity, fixedVersion, ended, exemption } = finding;
  if ((ended !== undefined) !== (wanted.ended ?? false)) return false;
  if (wanted.severity !== undefined && !atLeast(severity, wanted.severity)) return false;
  if (wanted.exempted !== undefined && wanted.exempted !== (exemption !== undefined)) return false;
  return wanted.fixable === undefined || wanted.fixable === (fixedVersion !== undefined);
}
