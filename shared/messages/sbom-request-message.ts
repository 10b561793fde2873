import { z } from "zod";
import type { SbomRequest } from "../ports/sbom-requests.ts";
import { parseWith } from "./invalid-message-error.ts";

/** Body of a message on the queue `sbom-requests`. */
export function formatSbomRequest(request: SbomRequest): string {
  return JSON.stringify(request);
}

export function parseSbomRequest(value: unknown): SbomRequest {
  return parseWith(SbomRequestMessage, value, "SBOM request");
}

const contentId = z.string().regex(/^[0-9a-f]{32}$/);
const SbomRequestMessage = z.object({ image: contentId, scan: contentId });
