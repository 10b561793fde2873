import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { freePort } from "../support/free-port.ts";
import { push } from "../support/images/push.ts";
import * as samples from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { quiet } from "./quiet.ts";
import { realTrivy } from "./real-trivy.ts";
import { skippableClock } from "./skippable-clock.ts";

const clock = skippableClock();
let second: WebhookReceiver;
let lab: Lab;

beforeAll(async () => {
  second = await startWebhookReceiver();
  lab = await startLab({
    trivy: realTrivy(),
    advisories: foundation,
    clock,
    subscribers: [
      { id: "second", url: second.url, secret: second.secret },
      { id: "down", url: `http://127.0.0.1:${await freePort()}/`, secret: aSecret() },
      // Takes the alerts of the second one without knowing its secret.
      { id: "forger", url: second.url, secret: aSecret() },
    ],
  });
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
});

describe("a webhook", () => {
  it("is signed so that the library of Standard Webhooks verifies it, and with the subscriber's own secret", async () => {
    const { digest } = await push(lab.registry.url, "shop/web", await samples.nodeImage(), { tags: ["1.0"] });
    await quiet(lab);

    const [webhook] = lab.webhooks.received;
    expect(lab.webhooks.received).toHaveLength(1);
    expect(lab.webhooks.forged).toEqual([]);
    expect(webhook?.event).toMatchObject({ id: webhook?.id, subject: `shop/web@${digest}` });
    expect(second.forged).toEqual([expect.stringContaining("No matching signature")]);
  });

  it("that is answered 503 comes again: same id, same body, signed anew", async () => {
    const before = lab.webhooks.received.length;
    lab.webhooks.refuse(1, 503);

    await push(lab.registry.url, "base/debian", await samples.debianImage(), { tags: ["12.5"] });
    await quiet(lab);
    const afterRefusal = lab.webhooks.received.length;
    clock.skip(6_000);
    await quiet(lab);

    expect(afterRefusal).toBe(before);
    expect(lab.webhooks.received).toHaveLength(before + 1);
    const again = lab.webhooks.received.at(-1);
    const [first] = second.received.filter(({ id }) => id === again?.id);
    expect(again?.body).toBe(first?.body);
    expect(lab.webhooks.forged).toEqual([]);
  });

  it("whose acceptance got lost comes again under the id that the subscriber has seen", async () => {
    const before = lab.webhooks.received.length;
    await push(lab.registry.url, "base/alpine", await samples.alpineImage(), { tags: ["3.19"] });
    await quiet(lab);
    const [message] = lab.webhooks.received.slice(before);
    if (message === undefined) throw new Error("The webhook came.");
    const again = { subscriber: "receiver", alertId: message.id, event: message.body, attempt: 1 };

    await lab.run("deliverWebhook", again);

    const [first, repeated, ...others] = lab.webhooks.received.slice(before);
    expect(others).toEqual([]);
    expect([repeated?.id, repeated?.body]).toEqual([first?.id, first?.body]);
  });

  it("to a subscriber that is down delays no other, and is tried again", async () => {
    const [before, beforeSecond] = [lab.webhooks.received.length, second.received.length];
    const waitingBefore = await scheduled();

    await push(lab.registry.url, "base/rocky", await samples.rockyImage(), { tags: ["9.4"] });
    await quiet(lab);

    expect(lab.webhooks.received).toHaveLength(before + 1);
    expect(second.received).toHaveLength(beforeSecond + 1);
    // Down, and forger, whose signature is refused.
    expect(await scheduled()).toBe(waitingBefore + 2);
  });

  it("that is answered 410 is not sent again, and is set aside with the reason", async () => {
    const before = lab.webhooks.received.length;
    lab.webhooks.refuse(1, 410);

    await push(lab.registry.url, "shop/gateway", await samples.goImage(), { tags: ["5.0"] });
    await quiet(lab);
    clock.skip(10_000);
    await quiet(lab);

    expect(lab.webhooks.received).toHaveLength(before);
    const letters = await lab.tidewatch.host.listDeadLetters({}, { limit: 10 });
    expect(letters.items.map(({ reason }) => reason)).toEqual(["webhook-given-up"]);
    expect(letters.items[0]?.detail).toContain("it answered 410");
    expect(second.received.at(-1)?.event.subject).toMatch(/^shop\/gateway@/);
  });

  it("waits as long as Retry-After asks", async () => {
    const before = lab.webhooks.received.length;
    lab.webhooks.refuse(1, 429, { "retry-after": "60" });

    await push(lab.registry.url, "shop/worker", await samples.distrolessImage(), { tags: ["5.0"] });
    await quiet(lab);
    clock.skip(50_000);
    await quiet(lab);
    const tooEarly = lab.webhooks.received.length;
    clock.skip(15_000);
    await quiet(lab);

    expect(tooEarly).toBe(before);
    expect(lab.webhooks.received).toHaveLength(before + 1);
  });

  it("is sent with one id for each alert: all ids are different", () => {
    const ids = second.received.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(6);
  });
});

async function scheduled(): Promise<number> {
  return (await lab.tidewatch.broker.counts("webhook-deliveries")).scheduled;
}

function aSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
