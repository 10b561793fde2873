import type { ImageComparison } from "../domain/compare-images.ts";
import type { Finding } from "../domain/finding.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import type { RescanPolicy } from "../domain/rescan-policy.ts";
import type { Page, PageRequest } from "../ports/image-store.ts";
import { toImageJson } from "./api-responses.ts";
import { slice } from "./api-slice.ts";

/** What differs between two images (docs/history.md): worse first, what was mended last. */
export function toComparisonJson(
  {
    image,
    since,
    comparison,
  }: { readonly image: ImageRecord; readonly since: ImageRecord; readonly comparison: ImageComparison },
  page: PageRequest,
  policy: RescanPolicy,
) {
  const { introduced, changed, fixed, persisting } = comparison;
  const items = [
    ...introduced.map((finding) => ({ change: "introduced" as const, finding: withoutProse(finding) })),
    ...changed.map(({ finding, previousSeverity }) => ({
      change: "severityChanged" as const,
      previousSeverity,
      finding: withoutProse(finding),
    })),
    ...fixed.map((finding) => ({ change: "fixed" as const, finding: withoutProse(finding) })),
  ];
  return {
    image: toImageJson(image, policy),
    since: toImageJson(since, policy),
    changes: {
      introduced: introduced.length,
      severityChanged: changed.length,
      fixed: fixed.length,
      persisting,
    },
    ...slice({ whole: `${since.scan?.findings ?? ""}-${image.scan?.findings ?? ""}`, items }, page),
  };
}

/** The images that a tag named, in the order of their last pushes. */
export function toTagJson({ items, next }: Page<ImageRecord>, policy: RescanPolicy) {
  return { items: items.map((image) => toImageJson(image, policy)), next };
}

/** The findings of each image have the rest. */
function withoutProse(finding: Finding) {
  return { ...finding, description: undefined, references: undefined };
}
