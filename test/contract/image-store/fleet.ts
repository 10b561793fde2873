import type { ImageRecord } from "../../../shared/domain/image-record.ts";
import { parseTag } from "../../../shared/domain/image-reference.ts";
import { countSeverities, severities, type Severity } from "../../../shared/domain/severity.ts";
import { anImage, anImageRecord, aScanSummary } from "../../support/samples.ts";

/** Four images in two registries, sorted by registry, repository and digest. */
export const fleet = [
  scanned("a.io", "api", ["critical", "low"], { tags: [] }),
  scanned("a.io", "web", ["low"]),
  scanned("b.io", "web", ["high", "high"]),
  scanned("b.io", "zap", [], { tags: [parseTag("1.0")], state: { kind: "gone", since: new Date(0) } }),
] as const;

/** "a.io/api critical" */
export function describeImage({ image, scan }: ImageRecord): string {
  const highest = severities.findLast((severity) => (scan?.counts[severity] ?? 0) > 0) ?? "none";
  return `${image.registry}/${image.repository} ${highest}`;
}

function scanned(
  registry: string,
  repository: string,
  found: readonly Severity[],
  changes: Partial<ImageRecord> = {},
): ImageRecord {
  const image = anImage({ registry, repository });
  return anImageRecord({ image, scan: aScanSummary({ image, counts: countSeverities(found) }), ...changes });
}
