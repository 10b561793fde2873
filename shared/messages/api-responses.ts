import { lastCheckedAt, lastUsedAt, type ImageRecord, type ScanSummary } from "../domain/image-record.ts";
import { formatImageReference } from "../domain/image-reference.ts";
import { formatPlatform } from "../domain/platform.ts";
import { nextScanAt, type RescanPolicy } from "../domain/rescan-policy.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { AffectedImage, PageRequest } from "../ports/image-store.ts";
import { isWanted, toFindingJson } from "./api-finding.ts";
import type { FindingFilter } from "./api-requests.ts";
import { slice } from "./api-slice.ts";

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
    scan: state.kind === "unscannable" ? undefined : scan && toScanJson(scan),
  };
}

/** Findings are paged here: an image's findings are read as a whole, so that they belong together. */
export function toFindingsJson(
  { image, findings }: { readonly image: ImageRecord; readonly findings: readonly TrackedFinding[] },
  { filter, page }: { readonly filter: FindingFilter; readonly page: PageRequest },
  policy: RescanPolicy,
) {
  const whole = { whole: image.scan?.findings ?? "", items: findings };
  const { items, next } = slice(whole, page, (finding) => isWanted(finding, filter));
  return {
    image: toImageJson(image, policy),
    items: items.map((finding) => toFindingJson(finding, image.scan?.scannedAt)),
    next,
  };
}

export function toAffectedJson({ image, findings }: AffectedImage, policy: RescanPolicy) {
  return {
    image: toImageJson(image, policy),
    findings: findings.map((finding) => toFindingJson(finding, image.scan?.scannedAt)),
  };
}

/** Under which id the findings are stored is nobody's business. */
function toScanJson(scan: ScanSummary) {
  const { id, scannedAt, reason, scanner, database, operatingSystem, packageCount, counts, exempted, changedAt } = scan;
  return { id, scannedAt, reason, scanner, database, operatingSystem, packageCount, counts, exempted, changedAt };
}

/** Who holds the lease, and how attempts are counted, is nobody's business. */
function toStateJson(state: ImageRecord["state"]) {
  if (state.kind !== "waiting" && state.kind !== "scanning") return state;
  const { kind, since, reason } = state;
  if (kind === "scanning" || state.putOff === undefined) return { kind, since, reason };
  const { failure, detail, attempts, until } = state.putOff;
  return { kind, since, reason, putOff: { failure, detail, attempts, until } };
}
