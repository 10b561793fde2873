import { compareImages, type ImageComparison } from "../domain/compare-images.ts";
import type { ImageId, ImageRecord } from "../domain/image-record.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { readFindings } from "./read-findings.ts";

export interface ComparedImages {
  readonly image: ImageRecord;
  /** The older one. */
  readonly since: ImageRecord;
  readonly comparison: ImageComparison;
}

/** What one image has and another has not, as far as is known of both now. `unknown` names the image that is not known. */
export const compareDigests = (images: Pick<ImageStore, "read" | "readFindings">) => {
  const read = readFindings(images);
  return async (id: ImageId, since: ImageId): Promise<ComparedImages | { readonly unknown: ImageId }> => {
    const [newer, older] = await Promise.all([read(id), read(since)]);
    if (newer === undefined) return { unknown: id };
    if (older === undefined) return { unknown: since };
    return {
      image: newer.image,
      since: older.image,
      comparison: compareImages(shownByNewestScan(older), shownByNewestScan(newer)),
    };
  };
};

/** What is open; in an image that is gone, what was when it went: yesterday's digest is often deleted by today. */
function shownByNewestScan({
  image: { state, scan },
  findings,
}: {
  readonly image: ImageRecord;
  readonly findings: readonly TrackedFinding[];
}): readonly TrackedFinding[] {
  return findings.filter(
    ({ ended }) =>
      ended === undefined || (state.kind === "gone" && scan !== undefined && ended.lastSeenAt >= scan.scannedAt),
  );
}
