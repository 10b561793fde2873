import type { Finding } from "../domain/finding.ts";
import { lastCheckedAt, lastUsedAt, type ImageRecord } from "../domain/image-record.ts";
import { formatImageReference } from "../domain/image-reference.ts";
import { formatPlatform } from "../domain/platform.ts";
import { nextScanAt, type RescanPolicy } from "../domain/rescan-policy.ts";
import { atLeast } from "../domain/severity.ts";
import type { AffectedImage, PageRequest } from "../ports/image-store.ts";
import type { FindingFilter } from "./api-requests.ts";
import { InvalidMessageError } from "./invalid-message-error.ts";

/** An image as the API shows it (docs/api.md). Dates become ISO 8601 text in JSON; what is not known is left out. */
export function toImageJson(record: ImageRecord, policy: RescanPolicy) {
  const { id, image, state, platform, mediaType, tags, indexes, firstSeenAt, scan } = record;
  return {
    id,
    reference: formatImageReference(image),
    ...image,
    tags,
    platform: platform && formatPlatform(platform),
    mediaType,
    indexes,
    state: toStateJson(state),
    firstSeenAt,
    lastUsedAt: lastUsedAt(record),
    lastPushedAt: record.lastPushedAt,
    lastPulledAt: record.lastPulledAt,
    lastPuller: record.lastPuller,
    lastCheckedAt: lastCheckedAt(record),
    nextScanAt: nextScanAt(record, policy),
    // Counts of a time when it could be judged would read as a verdict.
    scan: state.kind === "unscannable" ? undefined : scan,
  };
}

/** Findings are paged here: an image's findings are read as a whole, so that they belong to one scan. */
export function toFindingsJson(
  { image, findings }: { readonly image: ImageRecord; readonly findings: readonly Finding[] },
  { filter, page }: { readonly filter: FindingFilter; readonly page: PageRequest },
  policy: RescanPolicy,
) {
  const scan = image.scan?.id ?? "";
  const start = positionOf(page.cursor, scan);
  const found = findings
    .map((finding, position) => ({ finding, position }))
    .filter(({ finding, position }) => position >= start && isWanted(finding, filter));
  const following = found[page.limit];
  return {
    image: toImageJson(image, policy),
    items: found.slice(0, page.limit).map(({ finding }) => finding),
    next: following && `${scan}.${following.position}`,
  };
}

export function toAffectedJson({ image, findings }: AffectedImage, policy: RescanPolicy) {
  return { image: toImageJson(image, policy), findings };
}

/** Who holds the lease, and how attempts are counted, is nobody's business. */
function toStateJson(state: ImageRecord["state"]) {
  if (state.kind !== "waiting" && state.kind !== "scanning") return state;
  const { kind, since, reason } = state;
  if (kind === "scanning" || state.putOff === undefined) return { kind, since, reason };
  const { failure, detail, attempts, until } = state.putOff;
  return { kind, since, reason, putOff: { failure, detail, attempts, until } };
}

function isWanted({ severity, fixedVersion }: Finding, wanted: FindingFilter): boolean {
  if (wanted.severity !== undefined && !atLeast(severity, wanted.severity)) return false;
  return wanted.fixable === undefined || wanted.fixable === (fixedVersion !== undefined);
}

function positionOf(cursor: string | undefined, scan: string): number {
  if (cursor === undefined) return 0;
  const [id, position] = cursor.split(".");
  if (id !== scan || position === undefined || !/^\d{1,7}$/.test(position))
    throw new InvalidMessageError(
      "The cursor is not one of the newest scan: the image has been scanned again. Start again without a cursor.",
    );
  return Number(position);
}
