import { describe, expect, it } from "vitest";
import * as z from "zod";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { parseRegistryEvent } from "../../shared/messages/registry-event-message.ts";
import { recorded } from "./recorded.ts";

const helloWorld = "sha256:213bbc182920ab41e18edc2001e06abcca6735d87782d9cef68abd83941cf0e5";
const push = {
  kind: "pushed",
  registry: "demo.azurecr.io",
  repository: "aci-helloworld",
  digest: helloWorld,
  tag: "v1",
  occurredAt: new Date("2018-04-25T21:39:47.276Z"),
};
const deletion = {
  kind: "deleted",
  registry: "demo.azurecr.io",
  repository: "aci-helloworld",
  digest: helloWorld,
  occurredAt: new Date("2018-04-26T17:56:00.996Z"),
};

describe("an event of Azure Container Registry", () => {
  it.each([
    ["image-pushed.event-grid", push],
    ["image-pushed.cloud-events", push],
    ["image-deleted.event-grid", deletion],
    ["image-deleted.cloud-events", deletion],
    ["image-pushed.connected-registry", push],
    ["image-pushed.connected-registry-lower-case", push],
    ["image-deleted.connected-registry-lower-case", { ...deletion, occurredAt: push.occurredAt }],
    [
      "image-pushed.without-request",
      { ...push, repository: "imported/redis", tag: "7.4", occurredAt: new Date("2026-11-20T06:15:02.123Z") },
    ],
    ["image-pushed.empty-members", { ...push, tag: undefined, occurredAt: new Date("2018-04-25T21:39:47.654Z") }],
    [
      "image-pushed.helm",
      {
        ...push,
        repository: "helm/shop",
        tag: "1.4.0",
        digest: "sha256:0be7ec9fb7b962b46d81e4bb74fdcdb7089d965d3baca9f85d64948b05b402ff",
      },
    ],
    [
      "image-pushed.index-without-tag",
      {
        ...push,
        repository: "team/web",
        tag: undefined,
        digest: "sha256:a9c76d0a1c35b7f1c9e5d5d0a2b6f0f8f6b1d9c3e7a45b8c6d2e1f0a9b8c7d6e",
      },
    ],
  ])("is understood: %s", (file, event) => {
    expect(parse(acrEvent(file))).toEqual(event);
  });

  it("names a registry of a sovereign cloud where it tells no host", () => {
    const event = acrEvent("image-pushed.without-request");

    expect(parseRegistryEvent(event, "azurecr.cn")).toMatchObject({ registry: "demo.azurecr.cn" });
  });

  it("is passed over when it is about a chart of az acr helm", () => {
    expect(parse(acrEvent("chart-pushed.event-grid"))).toEqual({
      kind: "other",
      type: "Microsoft.ContainerRegistry.ChartPushed",
    });
  });

  it.each([
    { eventType: "Microsoft.EventGrid.SubscriptionDeletedEvent", data: { eventSubscriptionId: "x" } },
    { type: "Microsoft.ContainerRegistry.ImageSigned", data: null },
    { type: "x".repeat(1000) },
  ])("is passed over when it is of a type that came after us, whatever it holds: %j", (event) => {
    expect(parse(event)).toEqual({ kind: "other", type: (event.eventType ?? event.type).slice(0, 100) });
  });

  it("takes its instant from the envelope, and at last from the clock", () => {
    const { data, ...event } = envelope(acrEvent("image-pushed.event-grid"));
    const untimed = { ...data, timestamp: undefined };
    const before = Date.now();

    const timed = parse({ ...event, data: untimed, eventTime: "2026-11-20T06:15:02+01:00" });
    const untold = parse({ ...event, data: untimed, eventTime: null });

    expect(timed).toMatchObject({ occurredAt: new Date("2026-11-20T05:15:02Z") });
    expect("occurredAt" in untold && untold.occurredAt.getTime()).toBeGreaterThanOrEqual(before);
  });

  it("may lack its digest on a push with a tag, which has to be resolved then", () => {
    const event = withTarget("image-pushed.event-grid", { digest: undefined });

    expect(parse(event)).toMatchObject({ kind: "pushed", digest: undefined, tag: "v1" });
  });
});

describe("a malformed event is refused, and the refusal names what is wrong", () => {
  const pushed = "image-pushed.event-grid";
  const deleted = "image-deleted.event-grid";
  it.each<[string, unknown, RegExp]>([
    ["text", "push", /it: /],
    ["nothing", null, /it: /],
    ["a list, as Event Grid posts it", [acrEvent(pushed)], /it: /],
    ["no type", { data: {} }, /neither eventType nor type/],
    ["a type that is a number", { type: 1 }, /type: /],
    ["no data", { ...envelope(acrEvent(pushed)), data: undefined }, /data: /],
    ["no target", { ...envelope(acrEvent(pushed)), data: {} }, /data\.target: /],
    ["no repository", withTarget(pushed, { repository: undefined }), /data\.target\.repository: /],
    [
      "a repository that climbs",
      withTarget(pushed, { repository: "../etc" }),
      /data\.target\.repository: expected a repository/,
    ],
    ["a repository that is an option", withTarget(pushed, { repository: "--config" }), /data\.target\.repository: /],
    ["a digest that is none", withTarget(pushed, { digest: "latest" }), /data\.target\.digest: expected sha256/],
    ["a tag with a space", withTarget(pushed, { tag: "a b" }), /data\.target\.tag: expected a tag/],
    [
      "neither digest nor tag",
      withTarget(pushed, { digest: "", tag: null }),
      /data\.target has neither digest nor tag/,
    ],
    ["a deletion without digest", withTarget(deleted, { digest: undefined }), /data\.target has no digest/],
    [
      "a host with a path",
      withData(pushed, { request: { host: "demo.azurecr.io/x" } }),
      /data\.request\.host: expected a registry host/,
    ],
    ["an instant that is none", withData(pushed, { timestamp: "yesterday" }), /data\.timestamp: expected an instant/],
    ["an instant without its offset", withData(pushed, { timestamp: "2026-11-20T06:15:02" }), /data\.timestamp: /],
    [
      "no registry",
      { ...envelope(withData(pushed, { request: null })), topic: null },
      /neither data\.request\.host nor topic/,
    ],
    [
      "another resource",
      { ...envelope(withData(pushed, { request: null })), topic: "/subscriptions/x" },
      /neither data\.request\.host nor topic/,
    ],
  ])("%s", (_, event, names) => {
    expect(() => parse(event)).toThrow(InvalidMessageError);
    expect(() => parse(event)).toThrow(names);
  });

  it("without quoting what was sent", () => {
    const event = withTarget(pushed, { repository: "Sensitive Words" });

    expect(() => parse(event)).not.toThrow(/Sensitive/);
  });
});

function parse(event: unknown) {
  return parseRegistryEvent(event, "azurecr.io");
}

function acrEvent(file: string): unknown {
  return z.object({ event: z.unknown() }).parse(recorded(`acr-events/${file}.json`)).event;
}

const Envelope = z.looseObject({ data: z.looseObject({ target: z.looseObject({}) }) });

function envelope(event: unknown) {
  return Envelope.parse(event);
}

function withData(file: string, changes: object): unknown {
  const event = envelope(acrEvent(file));
  return { ...event, data: { ...event.data, ...changes } };
}

function withTarget(file: string, changes: object): unknown {
  const event = envelope(acrEvent(file));
  return withData(file, { target: { ...event.data.target, ...changes } });
}
