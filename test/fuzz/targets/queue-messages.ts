import { formatAlertEvent } from "../../../shared/messages/alert-event.ts";
import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { parsePublishedAlert } from "../../../shared/messages/published-alert.ts";
import { formatSbomRequest, parseSbomRequest } from "../../../shared/messages/sbom-request-message.ts";
import { formatScanRequest, parseScanRequest } from "../../../shared/messages/scan-request-message.ts";
import { formatWebhookDelivery, parseWebhookDelivery } from "../../../shared/messages/webhook-delivery-message.ts";
import { aFindingsChangedAlert, anImage } from "../../support/samples.ts";
import { jsonOf } from "../corpus/fixtures.ts";
import { endingOfAny } from "../ending-of-any.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "messages of our own queues: scan requests, SBOM requests, webhook deliveries, published alerts",
  format: "json",
  open: async () => ({
    corpus: [
      formatScanRequest({
        image: anImage(),
        reason: "pushed",
        requestedAt: new Date("2026-03-01T08:00:00.123Z"),
        attempt: 1,
        failures: 0,
      }),
      formatSbomRequest({ image: "0".repeat(32), scan: "1".repeat(32) }),
      formatWebhookDelivery({ subscriber: "desk", alertId: "2".repeat(32), event, attempt: 2 }),
      event,
    ],
    run: async (input) => {
      const value = jsonOf(input)?.value;
      const works = parsers.map((comeBack) => () => comeBack(value));
      return endingOfAny(works, [InvalidMessageError], input);
    },
  }),
};

const event = formatAlertEvent(aFindingsChangedAlert());

/** What was taken has to be taken again, as the same, after it was written. */
const parsers = [
  thereAndBack(parseScanRequest, formatScanRequest),
  thereAndBack(parseSbomRequest, formatSbomRequest),
  thereAndBack(parseWebhookDelivery, formatWebhookDelivery),
  (value: unknown) => void JSON.parse(parsePublishedAlert(value).event),
] satisfies readonly ((value: unknown) => unknown)[];

function thereAndBack<Message>(parse: (value: unknown) => Message, format: (message: Message) => string) {
  return (value: unknown) => {
    const text = format(parse(value));
    if (format(parse(JSON.parse(text))) !== text) throw new Error("It comes back as another one.");
  };
}
