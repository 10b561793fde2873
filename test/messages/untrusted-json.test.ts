import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseFindingQuery,
  parseImageQuery,
  parsePageQuery,
  parseScanQuestion,
} from "../../shared/messages/api-requests.ts";
import { distributionEvents, parseDistributionEvent } from "../../shared/messages/distribution-notification.ts";
import { InvalidMessageError, parseJson } from "../../shared/messages/invalid-message-error.ts";
import { parseImageConfig, parseManifest } from "../../shared/messages/oci-manifest.ts";
import { parsePublishedAlert } from "../../shared/messages/published-alert.ts";
import { parseRegistryEvent } from "../../shared/messages/registry-event-message.ts";
import { parseSbomRequest } from "../../shared/messages/sbom-request-message.ts";
import { parseScanRequest } from "../../shared/messages/scan-request-message.ts";
import { parseWebhookDelivery } from "../../shared/messages/webhook-delivery-message.ts";
import { anImage } from "../support/samples.ts";
import { recorded } from "./recorded.ts";

const parsers: Readonly<Record<string, (value: unknown) => unknown>> = {
  parseRegistryEvent: (value) => parseRegistryEvent(value, "azurecr.io"),
  distributionEvents,
  parseDistributionEvent,
  parseManifest: (value) => parseManifest(bytes(value), "application/vnd.oci.image.manifest.v1+json"),
  parseImageConfig: (value) => parseImageConfig(bytes(value), anImage()),
  parsePublishedAlert,
  parseSbomRequest,
  parseScanRequest,
  parseScanQuestion,
  parseWebhookDelivery,
};

describe.each(Object.entries(parsers))("%s", (_, parse) => {
  it("refuses what it does not take with nothing but an InvalidMessageError of bounded length", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), alike), (value) => {
        expect(endingOf(() => parse(value))).toMatch(/^(?:parsed|InvalidMessageError: Not a[^]{1,2500})$/);
      }),
      { numRuns: 300 },
    );
  });
});

it("queries refuse what they do not take with nothing but an InvalidMessageError", () => {
  const name = fc.oneof(
    fc.constantFrom("limit", "cursor", "registry", "repository", "tag", "state", "severity", "fixable"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), (query) => {
      for (const parse of [parsePageQuery, parseImageQuery, parseFindingQuery])
        expect(endingOf(() => parse(query))).toMatch(/^(?:parsed|InvalidMessageError: Not a[^]{1,2500})$/);
    }),
  );
});

it("texts that are no JSON are refused with nothing but an InvalidMessageError", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(endingOf(() => parseJson(text, "message"))).toMatch(/^(?:parsed$|InvalidMessageError: Not a message)/);
    }),
  );
});

/** Close to what is expected: a real message with one of its values, anywhere in it, replaced. */
const alike = fc
  .tuple(
    fc.constantFrom(
      recorded("acr-events/image-pushed.cloud-events.json"),
      recorded("distribution/push-manifest.json"),
      { image: "shop.azurecr.io/team/web:1.0", reason: "pushed", attempt: 1, requestedAt: "2026-01-01T00:00:00Z" },
      {
        schemaVersion: 2,
        manifests: [{ mediaType: "x", size: 1, annotations: { a: "b" }, platform: { os: "linux" } }],
      },
      { schemaVersion: 2, config: { mediaType: "x", digest: "sha256:x", size: 1 }, layers: [{ mediaType: "x" }] },
    ),
    fc.nat(),
    fc.jsonValue({ maxDepth: 2 }),
  )
  .map(([message, place, replacement]) => {
    let passed = 0;
    const count = JSON.stringify(message).split(/[:,[]/).length;
    const text = JSON.stringify(unwrapped(message), (_, value: unknown) =>
      passed++ === place % count ? replacement : value,
    );
    const value: unknown = JSON.parse(text);
    return value;
  });

function unwrapped(message: unknown): unknown {
  if (typeof message !== "object" || message === null) return message;
  if ("event" in message) return message.event;
  return "envelope" in message ? message.envelope : message;
}

function endingOf(parse: () => unknown): string {
  try {
    parse();
    return "parsed";
  } catch (error) {
    return error instanceof InvalidMessageError ? `InvalidMessageError: ${error.message}` : String(error);
  }
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
