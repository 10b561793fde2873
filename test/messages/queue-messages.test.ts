import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanReasons, type ScanRequest } from "../../shared/domain/scan-request.ts";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { parsePublishedAlert } from "../../shared/messages/published-alert.ts";
import { formatSbomRequest, parseSbomRequest } from "../../shared/messages/sbom-request-message.ts";
import { formatScanRequest, parseScanRequest } from "../../shared/messages/scan-request-message.ts";
import { formatWebhookDelivery, parseWebhookDelivery } from "../../shared/messages/webhook-delivery-message.ts";
import { anImage } from "../support/samples.ts";

describe("a scan request", () => {
  const request: ScanRequest = {
    image: anImage(),
    reason: "pushed",
    requestedAt: new Date("2026-03-01T08:00:00.123Z"),
    attempt: 1,
    failures: 0,
  };

  it("arrives as it was sent", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scanReasons),
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        fc.integer({ min: 1, max: 1000 }),
        (reason, requestedAt, attempt) => {
          const sent = { ...request, reason, requestedAt, attempt };

          expect(parseScanRequest(JSON.parse(formatScanRequest(sent)))).toEqual(sent);
        },
      ),
    );
  });

  it.each<[object, RegExp]>([
    [{ image: { ...anImage(), digest: "latest" } }, /image\.digest: /],
    [{ image: { ...anImage(), repository: "../x" } }, /image\.repository: /],
    [{ image: { ...anImage(), registry: "-x" } }, /image\.registry: /],
    [{ image: "shop.azurecr.io/team/web" }, /image: /],
    [{ reason: "bored" }, /reason: /],
    [{ requestedAt: "2026-03-01" }, /requestedAt: /],
    [{ requestedAt: "1" }, /requestedAt: /],
    [{ requestedAt: 1 }, /requestedAt: /],
    [{ attempt: 0 }, /attempt: /],
    [{ attempt: 1.5 }, /attempt: /],
  ])("is refused with %j, by name", (change, names) => {
    const parse = () => parseScanRequest({ ...request, requestedAt: "2026-03-01T08:00:00Z", ...change });

    expect(parse).toThrow(InvalidMessageError);
    expect(parse).toThrow(names);
  });

  it("names all that is wrong with it, up to five", () => {
    expect(() => parseScanRequest({})).toThrow(/image: .*reason: .*requestedAt: .*attempt: /);
  });
});

describe("an SBOM request", () => {
  const request = { image: "0123456789abcdef0123456789abcdef", scan: "fedcba9876543210fedcba9876543210" };

  it("arrives as it was sent", () => {
    expect(parseSbomRequest(JSON.parse(formatSbomRequest(request)))).toEqual(request);
  });

  it.each<[unknown, RegExp]>([
    [{ ...request, image: "../../etc/passwd" }, /image: /],
    [{ ...request, scan: undefined }, /scan: /],
    ["{}", /it: /],
  ])("is refused as %j, by name", (value, names) => {
    expect(() => parseSbomRequest(value)).toThrow(InvalidMessageError);
    expect(() => parseSbomRequest(value)).toThrow(names);
  });
});

describe("a webhook delivery", () => {
  const delivery = { subscriber: "desk", alertId: "a1", event: '{"id":"a1"}', attempt: 3 };

  it("arrives as it was sent, its event byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-composite" }), (event) => {
        const sent = { ...delivery, event };

        expect(parseWebhookDelivery(JSON.parse(formatWebhookDelivery(sent)))).toEqual(sent);
      }),
    );
  });

  it.each<[object, RegExp]>([
    [{ subscriber: "" }, /subscriber: /],
    [{ alertId: "a".repeat(129) }, /alertId: /],
    [{ event: {} }, /event: /],
    [{ attempt: 0 }, /attempt: /],
  ])("is refused with %j, by name", (change, names) => {
    expect(() => parseWebhookDelivery({ ...delivery, ...change })).toThrow(InvalidMessageError);
    expect(() => parseWebhookDelivery({ ...delivery, ...change })).toThrow(names);
  });
});

describe("a published alert", () => {
  const event = { id: "a1", type: "dev.tidewatch.findings.changed", data: { highestSeverity: "high", more: 1 } };

  it("is read as far as subscribers filter on it", () => {
    expect(parsePublishedAlert(event)).toEqual({
      id: "a1",
      kind: "findings.changed",
      highestSeverity: "high",
      event: JSON.stringify(event),
    });
  });

  it.each<[object, RegExp]>([
    [{ type: "com.example.other" }, /type: /],
    [{ id: "" }, /id: /],
    [{ data: undefined }, /data: /],
    [{ data: { highestSeverity: "huge" } }, /data\.highestSeverity: /],
  ])("is refused with %j, by name", (change, names) => {
    expect(() => parsePublishedAlert({ ...event, ...change })).toThrow(InvalidMessageError);
    expect(() => parsePublishedAlert({ ...event, ...change })).toThrow(names);
  });
});
