import { describe, expect, it } from "vitest";
import * as z from "zod";
import { imageId } from "../../shared/domain/image-record.ts";
import { parseRepository } from "../../shared/domain/image-reference.ts";
import { Secret } from "../../shared/domain/secret.ts";
import { formatAlertEvent } from "../../shared/messages/alert-event.ts";
import type { ImageGone } from "../../shared/domain/alert.ts";
import { loggedAlerts } from "../../shared/use-cases/logged-alerts.ts";
import { anImage } from "../support/samples.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

const subscriber = {
  id: "ops",
  url: new URL("https://hooks.example/services/T0/secret?token=secret"),
  secret: new Secret("whsec_secret"),
  minimumSeverity: "high" as const,
};

const anyText: unknown = expect.any(String);

describe("GET /api/alerts", () => {
  it("gives every event as it was published, in the order of publication", async () => {
    const api = await startApi();
    const alerts = [aGoneImage("2"), aGoneImage("1"), aGoneImage("3")];
    for (const alert of alerts) await publish(api, alert);
    await publish(api, aGoneImage("1"));

    const { items } = await list(api, "");

    expect(items).toEqual(alerts.map((alert): unknown => JSON.parse(formatAlertEvent(alert))));
  });

  it("filters by image, kind and time, and goes through pages", async () => {
    const api = await startApi();
    const { clock } = api.workshop;
    for (const id of ["1", "2", "3"]) {
      await publish(api, aGoneImage(id));
      await clock.advance(1000);
    }
    const other = { ...aGoneImage("4"), image: { ...anImage(), repository: parseRepository("shop/other") } };
    await publish(api, other);

    const ids = async (query: string) => idsOf((await list(api, query)).items);
    const first = await list(api, "?limit=3");

    expect(await ids(`?image=${imageId(other.image)}`)).toEqual(["4"]);
    expect(await ids("?kind=scan.failed")).toEqual([]);
    expect(await ids("?kind=image.gone&limit=2")).toEqual(["1", "2"]);
    expect(await ids(`?since=${new Date(clock.now().getTime() - 1000).toISOString()}`)).toEqual(["3", "4"]);
    expect(await ids(`?cursor=${first.next ?? ""}`)).toEqual(["4"]);
  });

  it.each(["?kind=all", "?image=shop/web", "?since=yesterday", "?cursor=1", "?until=x"])(
    "refuses %s",
    async (query) => {
      const api = await startApi();

      expect((await problem(await api.call(`/api/alerts${query}`)))[0]).toBe(400);
    },
  );
});

describe("GET /api/webhooks", () => {
  it("names them, and neither their secrets nor what an address may hide", async () => {
    const api = await startApi({ subscribers: [subscriber] });

    const text = await (await api.call("/api/webhooks")).text();

    expect(JSON.parse(text)).toEqual({
      items: [{ id: "ops", server: "https://hooks.example", minimumSeverity: "high" }],
    });
    expect(text).not.toContain("secret");
  });

  it("shows every attempt at one, newest first, of all alerts or of one", async () => {
    const answers = [{ kind: "refused", status: 500 } as const, { kind: "unreachable", detail: "No route" } as const];
    const api = await startApi({
      subscribers: [subscriber, { ...subscriber, id: "other" }],
      sender: { send: async () => answers.shift() ?? { kind: "accepted", status: 204 } },
    });
    const deliver = (alertId: string, attempt: number, to = "ops") =>
      api.workshop.host.deliverWebhook({ subscriber: to, alertId, event: "{}", attempt });
    await deliver("a", 1);
    await deliver("a", 2);
    await deliver("b", 1);
    await deliver("b", 1, "other");

    const all = await deliveries(api, "ops");
    const some = await deliveries(api, "ops", "?alert=a&limit=1");

    expect(all).toMatchObject([
      { alertId: "b", attempt: 1, answer: { kind: "accepted", status: 204 } },
      { alertId: "a", attempt: 2, answer: { kind: "unreachable", detail: "No route" }, nextAt: anyText },
      { alertId: "a", attempt: 1, answer: { kind: "refused", status: 500 }, nextAt: anyText },
    ]);
    expect(all[0]).not.toHaveProperty("nextAt");
    expect(some).toMatchObject([{ alertId: "a", attempt: 2 }]);
  });

  it("knows no other webhook", async () => {
    const api = await startApi({ subscribers: [subscriber] });

    expect((await problem(await api.call("/api/webhooks/none/deliveries")))[0]).toBe(404);
  });
});

function aGoneImage(id: string): ImageGone {
  return { kind: "image.gone", id, occurredAt: new Date("2026-11-21T12:00:00Z"), image: anImage(), tags: [] };
}

/** As an alert is published by whoever has one, and not only logged. */
async function publish({ workshop }: Api, alert: ImageGone): Promise<void> {
  await loggedAlerts(workshop.parts.alerts, workshop.parts.alertLog, workshop.clock).publish([alert]);
}

async function list(api: Api, query: string) {
  const answer = await api.call(`/api/alerts${query}`);
  return z.object({ items: z.array(z.unknown()), next: z.string().optional() }).parse(await answer.json());
}

function idsOf(items: readonly unknown[]): readonly string[] {
  return items.map((item) => z.looseObject({ id: z.string() }).parse(item).id);
}

async function deliveries(api: Api, webhook: string, query = "") {
  const answer = await api.call(`/api/webhooks/${webhook}/deliveries${query}`);
  return z.object({ items: z.array(z.looseObject({})) }).parse(await answer.json()).items;
}
