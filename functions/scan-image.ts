import { app } from "@azure/functions";
import { formatImageReference } from "../shared/domain/image-reference.ts";
import { host } from "../shared/hosts/current-host.ts";
import { scanRequestsQueue } from "../shared/messages/entities.ts";
import { parseScanRequest } from "../shared/messages/scan-request-message.ts";
import { handleMessage } from "./handle-message.ts";

/** Queue: one image to look at. */
app.serviceBusQueue("scanImage", {
  connection: "ServiceBus",
  queueName: scanRequestsQueue,
  handler: (message, context) =>
    handleMessage(message, context, {
      parse: parseScanRequest,
      describe: ({ image, reason }) => `${formatImageReference(image)} (${reason})`,
      handle: (request) => host().scanImage(request, String(context.triggerMetadata?.["sequenceNumber"])),
      queue: scanRequestsQueue,
    }),
});
