import { RetryLaterError } from "../domain/failure.ts";
import type { Finding } from "../domain/finding.ts";
import type { ImageId, ImageRecord, ScanSummary } from "../domain/image-record.ts";
import type { ImageStore } from "../ports/image-store.ts";

/**
 * An image with all findings of its newest scan. When a newer scan is committed while the findings are read, they are
 * read again, so record and findings always belong together. Undefined for an image that is not known.
 */
export const readFindings =
  (images: Pick<ImageStore, "read" | "readFindings">) =>
  async (id: ImageId): Promise<{ readonly image: ImageRecord; readonly findings: readonly Finding[] } | undefined> => {
    for (;;) {
      const stored = await images.read(id);
      if (stored === undefined) return undefined;
      const { scan } = stored.value;
      if (scan === undefined) return { image: stored.value, findings: [] };
      const findings = await images.readFindings(id, scan.id);
      if (isComplete(findings, scan)) return { image: stored.value, findings };
      const now = await images.read(id);
      if (now?.value.scan?.id === scan.id) throw incomplete(id);
    }
  };

/** The findings of a scan whose record was read before. */
export async function readScanFindings(
  images: Pick<ImageStore, "readFindings">,
  id: ImageId,
  scan: ScanSummary,
): Promise<readonly Finding[]> {
  const findings = await images.readFindings(id, scan.id);
  if (!isComplete(findings, scan)) throw incomplete(id);
  return findings;
}

function isComplete(findings: readonly Finding[], { counts }: ScanSummary): boolean {
  return findings.length === Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** A store may show the record to one reader a moment before it shows all findings. */
function incomplete(id: ImageId): RetryLaterError {
  return new RetryLaterError(`Not all findings of image ${id} can be read yet.`);
}
