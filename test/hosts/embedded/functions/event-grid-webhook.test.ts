import { beforeEach, describe, expect, it } from "vitest";
import { received } from "./fixtures/received-events.ts";
import { startHost, type StartedHost } from "./start-host.ts";

const functions = () => import("./fixtures/event-grid-functions.ts");

beforeEach(() => {
  received.length = 0;
});

const event = (subject: string) => ({
  id: "1",
  topic: "/subscriptions/x",
  subject,
  eventType: "Microsoft.ContainerRegistry.ImagePushed",
  eventTime: "2026-01-01T00:00:00Z",
  data: { action: "push" },
  dataVersion: "1.0",
  metadataVersion: "1",
});

const cloudEvent = (subject: string) => ({
  specversion: "1.0",
  id: "1",
  source: "/subscriptions/x",
  type: "Microsoft.ContainerRegistry.ImagePushed",
  subject,
  data: { action: "push" },
});

const post = (
  { url, keys }: StartedHost,
  body: string | Buffer<ArrayBuffer>,
  { type = "application/json", aeg = "Notification", name = "receiveEvent", code = keys.eventgrid_extension } = {},
) =>
  fetch(`${url}/runtime/webhooks/EventGrid?functionName=${name}&code=${code}`, {
    method: "POST",
    headers: { "content-type": type, ...(aeg !== "" && { "aeg-event-type": aeg }) },
    body,
  });

describe("a delivery", () => {
  it("calls the function once for each event of an Event Grid array", async () => {
    const host = await startHost({ functions });

    const response = await post(host, JSON.stringify([event("a"), event("b")]), {
      type: "application/json; charset=utf-8",
    });

    expect(response.status).toBe(202);
    expect(received).toMatchObject([{ event: event("a") }, { event: event("b") }]);
  });

  it.each([
    ["one CloudEvent", "application/cloudevents+json", cloudEvent("a"), 1],
    ["a batch of CloudEvents", "application/cloudevents-batch+json", [cloudEvent("a"), cloudEvent("b")], 2],
  ])("calls the function for %s", async (_, type, body, calls) => {
    const host = await startHost({ functions });

    const response = await post(host, JSON.stringify(body), { type });

    expect(response.status).toBe(202);
    expect(received).toHaveLength(calls);
    expect(received[0]).toMatchObject({ event: cloudEvent("a") });
  });

  it("may leave out aeg-event-type, as senders other than Event Grid do", async () => {
    const host = await startHost({ functions });

    expect((await post(host, JSON.stringify(cloudEvent("a")), { aeg: "" })).status).toBe(202);
    expect(received).toHaveLength(1);
  });

  it("is answered 500 when one event fails, after all others were tried, so that the sender sends all again", async () => {
    const host = await startHost({ functions });

    const response = await post(host, JSON.stringify([event("a"), event("bad"), event("b")]), { name: "refuseBad" });

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("not this one");
    expect(received).toEqual(["a", "b"]);
  });

  it("takes 5000 events and not one more", async () => {
    const host = await startHost({ functions });
    const many = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({ subject: "a" })));

    const most = await post(host, many(5000));
    const tooMany = await post(host, many(5001));

    expect([most.status, tooMany.status]).toEqual([202, 400]);
    expect(received).toHaveLength(5000);
  });

  it("takes up to 1 MB", async () => {
    const host = await startHost({ functions });

    expect((await post(host, JSON.stringify([event("x".repeat(1_048_576))]))).status).toBe(413);
  });

  it.each([
    ["text that is not JSON", "{"],
    ["bytes that are not UTF-8", Buffer.from('[{"subject":"\xff"}]', "latin1")],
    ["no event", "[]"],
    ["something that is not an event", "[1]"],
  ])("of %s is answered 400", async (_, body) => {
    const host = await startHost({ functions });

    expect((await post(host, body)).status).toBe(400);
    expect(received).toEqual([]);
  });

  it.each([
    ["another media type", { type: "text/plain" }, 415],
    ["an unknown aeg-event-type", { aeg: "Surprise" }, 400],
    ["an unknown function", { name: "nobody" }, 404],
    ["a wrong key", { code: "guess" }, 401],
    ["no key", { code: "" }, 401],
  ])("with %s is refused", async (_, options, status) => {
    const host = await startHost({ functions });

    expect((await post(host, JSON.stringify([event("a")]), options)).status).toBe(status);
    expect(received).toEqual([]);
  });

  it("continues the trace that a CloudEvent carries", async () => {
    const host = await startHost({ functions });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    await post(host, JSON.stringify({ ...cloudEvent("a"), traceparent }));

    const continued: unknown = expect.stringContaining("0af7651916cd43dd8448eb211c80319c");
    expect(received).toMatchObject([{ trace: continued }]);
  });
});

describe("the validation handshake", () => {
  const validation = {
    ...event(""),
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    data: { validationCode: "512d38b6", validationUrl: "https://example.com" },
  };

  it.each(["SubscriptionValidation", ""])(
    "of the Event Grid schema is answered with the code (aeg-event-type: %j)",
    async (aeg) => {
      const host = await startHost({ functions });

      const response = await post(host, JSON.stringify([validation]), { aeg });

      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toEqual({ validationResponse: "512d38b6" });
      expect(received).toEqual([]);
    },
  );

  it("is answered too when it comes as a CloudEvent, whose data is JSON text", async () => {
    const host = await startHost({ functions });
    const body = { ...cloudEvent(""), data: JSON.stringify({ validationCode: "512d38b6" }) };

    const response = await post(host, JSON.stringify(body), { aeg: "SubscriptionValidation" });

    expect(await response.json()).toEqual({ validationResponse: "512d38b6" });
  });

  it.each([[{}], [{ validationCode: 1 }], ["{"]])("is answered 400 without a code in %j", async (data) => {
    const host = await startHost({ functions });

    const response = await post(host, JSON.stringify([{ ...validation, data }]), { aeg: "SubscriptionValidation" });

    expect(response.status).toBe(400);
  });

  it("of CloudEvents allows the asking origin, any rate", async () => {
    const { url, keys } = await startHost({ functions });

    const response = await fetch(
      `${url}/runtime/webhooks/eventgrid?functionName=receiveEvent&code=${keys.eventgrid_extension}`,
      { method: "OPTIONS", headers: { "webhook-request-origin": "eventgrid.azure.net" } },
    );

    expect(response.status).toBe(200);
    expect(response.headers.get("webhook-allowed-origin")).toBe("eventgrid.azure.net");
    expect(response.headers.get("webhook-allowed-rate")).toBe("*");
  });

  it("is not given to who has no key", async () => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}/runtime/webhooks/eventgrid?functionName=receiveEvent`, {
      method: "OPTIONS",
      headers: { "webhook-request-origin": "eventgrid.azure.net" },
    });

    expect(response.status).toBe(401);
    expect(response.headers.get("webhook-allowed-origin")).toBeNull();
  });
});

it.each(["Unsubscribe", "SubscriptionDeletion"])("a %s notice is accepted and not delivered", async (aeg) => {
  const host = await startHost({ functions });

  expect((await post(host, JSON.stringify([event("a")]), { aeg })).status).toBe(202);
  expect(received).toEqual([]);
});

it("the webhook answers other methods with 405", async () => {
  const { url, keys } = await startHost({ functions });

  const response = await fetch(
    `${url}/runtime/webhooks/eventgrid?functionName=receiveEvent&code=${keys.eventgrid_extension}`,
  );

  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("OPTIONS, POST");
});
