import { sumOfOpen } from "../domain/count-open.ts";
import { RetryLaterError } from "../domain/failure.ts";
import type { ImageId, ImageRecord, ScanSummary } from "../domain/image-record.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { ImageStore } from "../ports/image-store.ts";

/**
 * An image with its findings, those that have ended included. When others are committed while they are read, they are read
 * again, so record and findings always belong together. Undefined for an image that is not known.
 */
export const readFindings =
  (images: Pick<ImageStore, "read" | "readFindings">) =>
  async (
    id: ImageId,
  ): Promise<{ readonly image: ImageRecord; readonly findings: readonly TrackedFinding[] } | undefined> => {
    for (;;) {
      const stored = await images.read(id);
      if (stored === undefined) return undefined;
      const { scan } = stored.value;
      if (scan === undefined) return { image: stored.value, findings: [] };
      const findings = await images.readFindings(id, scan.findings);
      if (isComplete(findings, scan)) return { image: stored.value, findings };
      const now = await images.read(id);
      if (now?.value.scan?.findings === scan.findings) throw incomplete(id);
    }
  };

/** The findings of a record that was read before. */
export async function readTrackedFindings(
  images: Pick<ImageStore, "readFindings">,
  id: ImageId,
  scan: ScanSummary,
): Promise<readonly TrackedFinding[]> {
  const findings = await images.readFindings(id, scan.findings);
  if (!isComplete(findings, scan)) throw incomplete(id);
  return findings;
}

function isComplete(findings: readonly TrackedFinding[], scan: ScanSummary): boolean {
  return findings.filter(({ ended }) => ended === undefined).length === sumOfOpen(scan);
}

/** A store may show the record to one reader a moment before it shows all findings. */
function incomplete(id: ImageId): RetryLaterError {
  return new RetryLaterError(`Not all findings of image ${id} can be read yet.`);
}
