import { contentId } from "../../domain/content-id.ts";
import { scanRequestId } from "../../domain/scan-request.ts";
import { sbomRequestsQueue, scanRequestsQueue } from "../../messages/entities.ts";
import { formatSbomRequest } from "../../messages/sbom-request-message.ts";
import { formatScanRequest } from "../../messages/scan-request-message.ts";
import type { SbomRequests } from "../../ports/sbom-requests.ts";
import type { ScanRequests } from "../../ports/scan-requests.ts";
import { sendEach, type Sender } from "./send-each.ts";

export function brokerScanRequests(broker: Sender): ScanRequests {
  return {
    send: async (requests, notBefore) =>
      sendEach(
        broker,
        scanRequestsQueue,
        requests.map((request) => ({
          messageId: scanRequestId(request),
          body: formatScanRequest(request),
          ...(notBefore && { scheduledEnqueueAt: notBefore }),
        })),
      ),
  };
}

export function brokerSbomRequests(broker: Sender): SbomRequests {
  return {
    send: async (requests) =>
      sendEach(
        broker,
        sbomRequestsQueue,
        requests.map(({ image, scan }) => ({
          messageId: contentId("sbom-request", image, scan),
          body: formatSbomRequest({ image, scan }),
        })),
      ),
  };
}
