import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { sbomRequestsQueue } from "../shared/messages/entities.ts";
import { parseSbomRequest } from "../shared/messages/sbom-request-message.ts";
import { handleMessage } from "./handle-message.ts";

/** Queue: one finished scan whose SBOM is to be kept. Off the path to the alert. */
app.serviceBusQueue("storeSbom", {
  connection: "ServiceBus",
  queueName: sbomRequestsQueue,
  handler: (message, context) =>
    handleMessage(message, context, {
      parse: parseSbomRequest,
      describe: ({ image, scan }) => `SBOM of image ${image}, scan ${scan}`,
      handle: (request) => host().storeSbom(request),
      queue: sbomRequestsQueue,
    }),
});
