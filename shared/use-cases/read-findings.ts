import type { Finding } from "../domain/finding.ts";
import type { ImageId, ImageRecord } from "../domain/image-record.ts";
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
      const now = await images.read(id);
      if (now?.value.scan?.id === scan.id) return { image: stored.value, findings };
    }
  };
