import type { FindingChange } from "../domain/finding-changes.ts";
import type { HistoryEntry } from "../domain/history-entry.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import type { RescanPolicy } from "../domain/rescan-policy.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { Page, PageRequest } from "../ports/image-store.ts";
import { isWanted, toFindingJson } from "./api-finding.ts";
import type { FindingFilter } from "./api-requests.ts";
import { toImageJson } from "./api-responses.ts";
import { slice } from "./api-slice.ts";

/** What became known of an image, and when (docs/history.md). */
export function toHistoryJson(
  { image, history }: { readonly image: ImageRecord; readonly history: Page<HistoryEntry> },
  policy: RescanPolicy,
) {
  return { image: toImageJson(image, policy), items: history.items.map(toEntryJson), next: history.next };
}

/** One entry, and what it changed, finding by finding. */
export function toTransitionsJson(
  { entry, changes }: { readonly entry: HistoryEntry; readonly changes: readonly FindingChange[] },
  page: PageRequest,
) {
  return { entry: toEntryJson(entry), ...slice({ whole: entry.id, items: changes }, page) };
}

/** What was known at an instant: the findings that were open after the last entry until then. */
export function toPastFindingsJson(
  {
    image,
    entry,
    findings,
  }: { readonly image: ImageRecord; readonly entry: HistoryEntry; readonly findings: readonly TrackedFinding[] },
  { at, filter, page }: { readonly at: Date; readonly filter: FindingFilter; readonly page: PageRequest },
  policy: RescanPolicy,
) {
  const { items, next } = slice({ whole: entry.id, items: findings }, page, (finding) => isWanted(finding, filter));
  return {
    image: toImageJson(image, policy),
    at,
    entry: toEntryJson(entry),
    items: items.map((finding) => toFindingJson(finding)),
    next,
  };
}

function toEntryJson({ id, at, cause, changes, counts, exempted }: HistoryEntry) {
  return { id, at, cause, changes, counts, exempted };
}
