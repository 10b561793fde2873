import type { Finding } from "../domain/finding.ts";
import { lastCheckedAt, lastUsedAt, type ImageRecord } from "../domain/image-record.ts";
import { formatImageReference } from "../domain/image-reference.ts";
import { formatPlatform } from "../domain/platform.ts";
import { nextScanAt, type RescanPolicy } from "../domain/rescan-policy.ts";
import type { AffectedImage, PageRequest } from "../ports/image-store.ts";
import { InvalidMessageError } from "./invalid-message-error.ts";

/** An image as the API shows it (docs/api.md). Dates become ISO 8601 text in JSON; what is not known is left out. */
export function toImageJson(record: ImageRecord, policy: RescanPolicy) {
  const { id, image, state, platform, mediaType, tags, indexes, firstSeenAt, scan } = record;
  return {
    id,
    image: formatImageReference(image),
    ...image,
    tags,
    platform: platform && formatPlatform(platform),
    mediaType,
    indexes,
    state: stateJson(state),
    firstSeenAt,
    lastUsedAt: lastUsedAt(record),
    lastPushedAt: record.lastPushedAt,
    lastPulledAt: record.lastPulledAt,
    lastPuller: record.lastPuller,
    lastCheckedAt: lastCheckedAt(record),
    nextScanAt: nextScanAt(record, policy),
    scan,
  };
}

/** Findings are paged here: an image's findings are read as a whole, so that they belong to one scan. */
export function toFindingsJson(
  { image, findings }: { readonly image: ImageRecord; readonly findings: readonly Finding[] },
  { limit, cursor }: PageRequest,
  policy: RescanPolicy,
) {
  const scan = image.scan?.id ?? "";
  const start = offsetOf(cursor, scan);
  const end = start + limit;
  return {
    image: toImageJson(image, policy),
    items: findings.slice(start, end),
    next: end < findings.length ? `${scan}.${end.toString()}` : undefined,
  };
}

export function toAffectedJson({ image, findings }: AffectedImage, policy: RescanPolicy) {
  return { image: toImageJson(image, policy), findings };
}

/** Who holds the lease is nobody's business. */
function stateJson(state: ImageRecord["state"]) {
  if (state.kind !== "scanning") return state;
  const { kind, since, reason } = state;
  return { kind, since, reason };
}

function offsetOf(cursor: string | undefined, scan: string): number {
  if (cursor === undefined) return 0;
  const [id, offset] = cursor.split(".");
  if (id !== scan || offset === undefined || !/^\d{1,7}$/.test(offset))
    throw new InvalidMessageError(
      "Not a cursor of the newest scan: the image was scanned again. Start without a cursor.",
    );
  return Number(offset);
}
