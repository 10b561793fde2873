import * as z from "zod";
import { scanReasons, type ScanRequest } from "../domain/scan-request.ts";
import { parseWith } from "./invalid-message-error.ts";
import { ImageReference, Instant } from "./reference-schema.ts";

/** Body of a message on the queue `scan-requests`. */
export function formatScanRequest(request: ScanRequest): string {
  return JSON.stringify(request);
}

/** @param value the body as JSON value, as the Functions runtime hands it over */
export function parseScanRequest(value: unknown): ScanRequest {
  return parseWith(ScanRequestMessage, value, "scan request");
}

const ScanRequestMessage = z.object({
  image: ImageReference,
  reason: z.enum(scanReasons),
  requestedAt: Instant,
  attempt: z.int().min(1).max(1000),
  failures: z.int().min(0).max(1000).default(0),
});
