import { addDays } from "./days.ts";
import { lastCheckedAt, lastUsedAt, type ImageRecord } from "./image-record.ts";

/** Images pulled or pushed within {@link inUseDays} are looked at again every {@link rescanDays}. Days of 24 hours. */
export interface RescanPolicy {
  readonly inUseDays: number;
  readonly rescanDays: number;
}

export const defaultRescanPolicy: RescanPolicy = { inUseDays: 30, rescanDays: 7 };

/** An image is due when it was last used at or after `usedSince` and last checked at or before `checkedUntil`. */
export function dueBounds(policy: RescanPolicy, now: Date): { readonly usedSince: Date; readonly checkedUntil: Date } {
  // A policy of 0 days ("at every run") still asks for a scan that is newer than the last one: see dueSince.
  const checkedUntil = Math.min(addDays(now, -policy.rescanDays).getTime(), now.getTime() - 1);
  return { usedSince: addDays(now, -policy.inUseDays), checkedUntil: new Date(checkedUntil) };
}

/** The instant from which an image is due: always after its last check, and the same whenever it is asked. */
export function dueSince(record: ImageRecord, { rescanDays }: RescanPolicy, now: Date): Date {
  const checked = lastCheckedAt(record) ?? now;
  return new Date(Math.max(addDays(checked, rescanDays).getTime(), checked.getTime() + 1));
}

/**
 * When the image is looked at next. Undefined when it never will be as things stand: it is no image, is gone, waits
 * for its first scan, or will have left the window of use by then.
 */
export function nextScanAt(record: ImageRecord, policy: RescanPolicy): Date | undefined {
  if (record.state.kind !== "scanned" && record.state.kind !== "failed") return undefined;
  const checked = lastCheckedAt(record);
  const used = lastUsedAt(record);
  if (checked === undefined || used === undefined) return undefined;
  const due = dueSince(record, policy, checked);
  return due <= addDays(used, policy.inUseDays) ? due : undefined;
}
