import * as z from "zod";
import type { SbomRequest } from "../ports/sbom-requests.ts";
import { parseWith } from "./invalid-message-error.ts";
import { ContentId } from "./published-parts.ts";

/** Body of a message on the queue `sbom-requests`. */
export function formatSbomRequest(request: SbomRequest): string {
  return JSON.stringify(request);
}

export function parseSbomRequest(value: unknown): SbomRequest {
  return parseWith(SbomRequestMessage, value, "SBOM request");
}

const SbomRequestMessage = z.object({ image: ContentId, scan: ContentId });
