import * as z from "zod";
import { parseJson, parseWith } from "../../../messages/invalid-message-error.ts";

/** How large the archive of a published database is, by its OCI manifest. Throws InvalidMessageError. */
export function parseArchiveBytes(content: Uint8Array): number {
  const value = parseJson(new TextDecoder().decode(content), what);
  const { layers } = parseWith(DatabaseManifest, value, what);
  return layers.reduce((sum, { size }) => sum + size, 0);
}

const what = "manifest of a database";

const DatabaseManifest = z.object({ layers: z.array(z.object({ size: z.int().min(0) })).max(1000) });
