import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { Secret } from "../../shared/domain/secret.ts";
import { scanRequestsQueue, webhookDeliveriesQueue } from "../../shared/messages/entities.ts";
import { parseWebhookDelivery } from "../../shared/messages/webhook-delivery-message.ts";
import type { DeadLetter } from "../../shared/ports/dead-letters.ts";
import { aDigest } from "../support/samples.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

const letter: DeadLetter = {
  source: "scanImage",
  reason: "invalid-message",
  detail: "Not a scan request: image: expected an object.",
  body: '{"image":1}',
  origin: { kind: "queue", queue: scanRequestsQueue },
};

const subscriber = { id: "ops", url: new URL("https://ops.example/alerts"), secret: new Secret("whsec_") };

const anyText: unknown = expect.any(String);
const noWebhook: unknown = expect.stringContaining("no webhook other");

describe("GET /api/dead-letters", () => {
  it("lists letters without their bodies, by source and reason, in pages", async () => {
    const api = await startApi();
    for (const reason of ["a", "b", "c"]) await api.workshop.host.addDeadLetter({ ...letter, reason });

    const all = await list(api);
    const page = await list(api, "?limit=2");
    const rest = await list(api, `?limit=2&cursor=${page.next ?? ""}`);
    const some = await list(api, "?source=scanImage&reason=b");

    expect(all.items).toHaveLength(3);
    expect([...page.items, ...rest.items]).toEqual(all.items);
    expect(some.items).toMatchObject([{ source: "scanImage", reason: "b", count: 1, truncated: false }]);
    expect(JSON.stringify(all)).not.toContain("body");
  });

  it("shows one with its body", async () => {
    const api = await startApi();
    const id = await add(api, letter);

    const answer = await api.call(`/api/dead-letters/${id}`);

    expect([answer.status, await answer.json()]).toMatchObject([200, { id, ...letter, firstAt: anyText }]);
  });

  it.each(["?colour=red", "?limit=0", "?cursor=x", "?reason="])("refuses %s", async (query) => {
    const api = await startApi();

    expect((await problem(await api.call(`/api/dead-letters${query}`)))[0]).toBe(400);
  });
});

describe("POST /api/dead-letters/{id}/redrive", () => {
  it("sends a message to its queue again, and the letter is gone", async () => {
    const api = await startApi({ messageRetries: recorder() });
    const id = await add(api, letter);

    const answer = await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" });
    const again = await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" });

    expect([answer.status, await answer.json()]).toEqual([202, { sent: 1 }]);
    expect((await problem(again))[0]).toBe(404);
    expect(sent).toEqual([[scanRequestsQueue, letter.body]]);
    expect((await list(api)).items).toEqual([]);
  });

  it("accepts an event of a registry that has been added to the settings meanwhile", async () => {
    let known = false;
    const api = await startApi({ watchList: () => (known ? "watched" : "unknownRegistry") });
    const { host } = api.workshop.registry;
    const event = {
      action: "push",
      target: {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: aDigest(),
        repository: "shop/web",
        tag: "1.0",
      },
      request: { host },
    };
    await api.call("/api/registry-notifications", { method: "POST", body: JSON.stringify({ events: [event] }) });
    const [{ id }] = z.tuple([z.looseObject({ id: z.string() })]).parse((await list(api)).items);

    const before = await problem(await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" }));
    known = true;
    const after = await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" });

    expect(before).toEqual([409, "Conflict", `${host} is not among the registries in the settings.`]);
    expect(after.status).toBe(202);
    expect((await list(api)).items).toEqual([]);
    expect(await (await api.call("/api/images")).json()).toMatchObject({ items: [{ tags: ["1.0"] }] });
  });

  it("sends an alert that a webhook had refused to that webhook only, as a first attempt", async () => {
    const api = await startApi({
      messageRetries: recorder(),
      subscribers: [subscriber, { ...subscriber, id: "other" }],
    });
    const id = await add(api, given("ops"));

    const answer = await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" });

    expect(answer.status).toBe(202);
    expect(sent.map(([queue]) => queue)).toEqual([webhookDeliveriesQueue]);
    expect(parseWebhookDelivery(JSON.parse(sent[0]?.[1] ?? ""))).toEqual({
      subscriber: "ops",
      alertId: "alert-1",
      event: '{"id":"alert-1"}',
      attempt: 1,
    });
  });

  it("sends an alert that could not be handed to any webhook to those that want it", async () => {
    const api = await startApi({
      messageRetries: recorder(),
      subscribers: [subscriber, { ...subscriber, id: "other", kinds: ["image.gone"] }],
    });
    const body = JSON.stringify({ id: "alert-1", type: "dev.tidewatch.scan.completed", data: {} });
    const id = await add(api, { ...letter, source: "dispatchAlert", body, origin: { kind: "alert" } });

    await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" });

    expect(sent.map(([, delivery]) => parseWebhookDelivery(JSON.parse(delivery)))).toMatchObject([
      { subscriber: "ops", alertId: "alert-1", event: body },
    ]);
  });

  it.each<[string, DeadLetter, RegExp]>([
    ["a webhook that is not in the settings", given("other"), /no webhook other/],
    ["a body of which the end is missing", { ...letter, body: "x".repeat(300_000) }, /only its beginning was kept/],
    ["an alert that is none", { ...letter, origin: { kind: "alert" } }, /^Not a alert event|^Not an? alert event/],
    ["an event that is none", { ...letter, origin: { kind: "event", from: "eventGrid" } }, /^Not an? /],
  ])("refuses %s, and keeps the letter", async (_, kept, why) => {
    const api = await startApi({ messageRetries: recorder(), subscribers: [subscriber] });
    const id = await add(api, kept);

    const [status, , detail] = await problem(await api.call(`/api/dead-letters/${id}/redrive`, { method: "POST" }));

    expect([status, detail]).toEqual([409, expect.stringMatching(why)]);
    expect(sent).toEqual([]);
    expect((await list(api)).items).toHaveLength(1);
  });
});

describe("POST /api/dead-letters/redrive", () => {
  it("sends all that match, and says which it could not", async () => {
    const api = await startApi({ messageRetries: recorder(), subscribers: [subscriber] });
    for (const reason of ["a", "b"]) await add(api, { ...letter, reason });
    await add(api, given("other"));

    const some = await redrive(api, { reason: "a" });
    const rest = await redrive(api, {});

    expect(some).toEqual([202, { sent: 1, refused: [] }]);
    expect(rest).toMatchObject([202, { sent: 1, refused: [{ why: noWebhook }] }]);
    expect((await list(api)).items).toHaveLength(1);
  });

  it("goes on where the call before ended", async () => {
    const api = await startApi({ subscribers: [] });
    for (let index = 0; index < 101; index += 1) await add(api, given(`w${index.toString()}`));

    const [, first] = await redrive(api, {});
    const { next } = z.looseObject({ next: z.string() }).parse(first);
    const [, second] = await redrive(api, { cursor: next });

    expect(Refused.parse(first).refused).toHaveLength(100);
    expect(Refused.parse(second).refused).toHaveLength(1);
    expect(second).not.toHaveProperty("next");
  });

  it.each(["", "[]", '{"reasons":"a"}'])("refuses the body %j", async (body) => {
    const api = await startApi();

    const answer = await api.call("/api/dead-letters/redrive", { method: "POST", body });

    expect((await problem(answer))[0]).toBe(400);
  });
});

describe("DELETE /api/dead-letters/{id}", () => {
  it("drops a letter once, and says in the log who did it and why", async () => {
    const warn = vi.fn<(message: string, fields?: unknown) => void>();
    const quiet = () => undefined;
    const api = await startApi({ log: { debug: quiet, info: quiet, warn, error: quiet } });
    const id = await add(api, letter);
    const body = JSON.stringify({ reason: "A test of ours", by: "kim" });

    const answer = await api.call(`/api/dead-letters/${id}`, { method: "DELETE", body });
    const again = await api.call(`/api/dead-letters/${id}`, { method: "DELETE", body });

    expect([answer.status, (await problem(again))[0]]).toEqual([204, 404]);
    expect(warn).toHaveBeenCalledWith(
      "A dead letter was dropped",
      expect.objectContaining({ id, because: "A test of ours", by: "kim" }),
    );
  });

  it.each(["", "{}", '{"reason":""}', '{"reason":"no","force":true}'])("asks for a reason: %j", async (body) => {
    const api = await startApi();
    const id = await add(api, letter);

    const answer = await api.call(`/api/dead-letters/${id}`, { method: "DELETE", body });

    expect((await problem(answer))[0]).toBe(400);
    expect((await list(api)).items).toHaveLength(1);
  });
});

const sent: [queue: string, body: string][] = [];

function recorder() {
  sent.length = 0;
  return { sendAgain: async (queue: string, body: string) => void sent.push([queue, body]) };
}

function given(webhook: string): DeadLetter {
  return {
    source: "deliverWebhook",
    reason: "webhook-given-up",
    detail: "It answered 500.",
    body: '{"id":"alert-1"}',
    origin: { kind: "webhook", subscriber: webhook, alertId: "alert-1" },
  };
}

async function add(api: Api, added: DeadLetter): Promise<string> {
  await api.workshop.host.addDeadLetter(added);
  const { items } = await api.workshop.parts.deadLetters.list({ reason: added.reason }, { limit: 500 });
  const kept = await Promise.all(items.map(({ id }) => api.workshop.parts.deadLetters.read(id)));
  const wanted = JSON.stringify(added.origin);
  return kept.find((each) => JSON.stringify(each?.value.origin) === wanted)?.value.id ?? "";
}

async function list(api: Api, query = "") {
  const answer = await api.call(`/api/dead-letters${query}`);
  return z.object({ items: z.array(z.unknown()), next: z.string().optional() }).parse(await answer.json());
}

async function redrive(api: Api, body: object): Promise<readonly [number, unknown]> {
  const answer = await api.call("/api/dead-letters/redrive", { method: "POST", body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}

const Refused = z.looseObject({ refused: z.array(z.unknown()) });
