import { describe, expect, it } from "vitest";
import { Secret } from "../../shared/domain/secret.ts";
import type { DeadLetter } from "../../shared/ports/dead-letters.ts";
import { silentLog } from "../../shared/ports/log.ts";
import type { DeliveryAttempt } from "../../shared/ports/delivery-log.ts";
import type { WebhookDelivery } from "../../shared/ports/webhook-deliveries.ts";
import type { WebhookAnswer, WebhookSender } from "../../shared/ports/webhook-sender.ts";
import { deliverWebhook } from "../../shared/use-cases/deliver-webhook.ts";
import { dispatchAlert } from "../../shared/use-cases/dispatch-alert.ts";
import { manualClock } from "../support/manual-clock.ts";

const subscriber = { id: "ops", url: new URL("https://ops.example/alerts"), secret: new Secret("whsec_") };
const delivery: WebhookDelivery = { subscriber: "ops", alertId: "alert-1", event: '{"id":"alert-1"}', attempt: 1 };

function arrange(answers: readonly WebhookAnswer[]) {
  const clock = manualClock();
  const queued: { delivery: WebhookDelivery; notBefore: Date | undefined }[] = [];
  const deadLetters: DeadLetter[] = [];
  const remaining = [...answers];
  const deliver = deliverWebhook({
    subscribers: [subscriber],
    clock,
    sender: { send: async () => remaining.shift() ?? { kind: "accepted", status: 204 } },
    deliveries: {
      send: async (all, notBefore) => void queued.push(...all.map((each) => ({ delivery: each, notBefore }))),
    },
    deadLetters: { add: async (letter) => void deadLetters.push(letter) },
    deliveryLog: { add: async () => undefined },
    log: silentLog,
  });
  return { clock, deliver, queued, deadLetters };
}

describe("deliverWebhook", () => {
  it("tries ten times over four days, then puts the alert aside", async () => {
    const refused = Array.from({ length: 10 }, () => ({ kind: "refused", status: 503 }) as const);
    const { clock, deliver, queued, deadLetters } = arrange(refused);
    const began = clock.now().getTime();

    let last = await deliver(delivery);
    const waits: number[] = [];
    for (let next = queued.shift(); next !== undefined; next = queued.shift()) {
      const seconds = ((next.notBefore?.getTime() ?? 0) - clock.now().getTime()) / 1000;
      waits.push(seconds);
      await clock.advance(seconds * 1000);
      last = await deliver(next.delivery);
    }

    expect(waits).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect((clock.now().getTime() - began) / 86_400_000).toBeCloseTo(3.15, 1);
    expect(last).toEqual({ kind: "givenUp", why: "it answered 503" });
    expect(deadLetters).toMatchObject([{ reason: "webhook-given-up", body: delivery.event }]);
  });

  it("sends the same bytes at every attempt", async () => {
    const { deliver, queued } = arrange([{ kind: "unreachable", detail: "it could not be reached (ECONNREFUSED)" }]);

    await deliver(delivery);

    expect(queued[0]?.delivery).toEqual({ ...delivery, attempt: 2 });
  });

  it("waits longer when the receiver asks for it, and never shorter than the schedule", async () => {
    const later = new Date("2026-01-01T00:10:00Z");
    const sooner = new Date("2026-01-01T00:00:01Z");
    const { deliver, queued } = arrange([
      { kind: "refused", status: 429, retryAfter: later },
      { kind: "refused", status: 429, retryAfter: sooner },
    ]);

    await deliver(delivery);
    await deliver(delivery);

    expect(queued.map(({ notBefore }) => notBefore)).toEqual([later, new Date("2026-01-01T00:00:05Z")]);
  });

  it("stops at 410 Gone", async () => {
    const { deliver, queued, deadLetters } = arrange([{ kind: "refused", status: 410 }]);

    const outcome = await deliver(delivery);

    expect(outcome.kind).toBe("givenUp");
    expect(queued).toEqual([]);
    expect(deadLetters).toHaveLength(1);
  });

  it("drops a delivery whose subscriber was taken out of the settings", async () => {
    const { deliver, queued } = arrange([]);

    expect(await deliver({ ...delivery, subscriber: "former" })).toEqual({ kind: "noSubscriber" });
    expect(queued).toEqual([]);
  });
});

describe("dispatchAlert", () => {
  const alert = { id: "alert-1", kind: "findings.changed", highestSeverity: "high", event: delivery.event } as const;

  it("sends to every subscriber that wants the alert, all at once", async () => {
    const reached: string[] = [];
    const everybody = Promise.withResolvers<undefined>();
    const { dispatch, queued } = arrangeDispatch([], async ({ url }) => {
      reached.push(url.hostname);
      if (reached.length === 2) everybody.resolve(undefined);
      await everybody.promise;
      return { kind: "accepted", status: 204 };
    });

    const outcome = await dispatch(alert);

    expect(reached).toEqual(["ops.example", "high-and-up.example"]);
    expect(outcome).toEqual({
      ops: { kind: "delivered", status: 204 },
      "high-and-up": { kind: "delivered", status: 204 },
    });
    expect(queued).toEqual([]);
  });

  it("leaves the second attempt at who did not accept to the queue, and troubles nobody else again", async () => {
    const { dispatch, queued } = arrangeDispatch([], async ({ url }) =>
      url.hostname === "ops.example" ? { kind: "refused", status: 503 } : { kind: "accepted", status: 204 },
    );

    await dispatch(alert);

    expect(queued).toEqual([{ ...delivery, attempt: 2 }]);
  });

  it("fails, so that the alert comes again, when not even the queue can be reached, after everybody was tried", async () => {
    const reached: string[] = [];
    const { dispatch } = arrangeDispatch([new Error("The broker is away.")], async ({ url }) => {
      reached.push(url.hostname);
      return url.hostname === "ops.example" ? { kind: "refused", status: 503 } : { kind: "accepted", status: 204 };
    });

    await expect(dispatch(alert)).rejects.toThrow("The broker is away.");
    expect(reached).toHaveLength(2);
  });
});

function arrangeDispatch(queueErrors: Error[], send: WebhookSender["send"]) {
  const queued: WebhookDelivery[] = [];
  const at = (id: string) => ({ ...subscriber, id, url: new URL(`https://${id}.example/alerts`) });
  const dispatch = dispatchAlert({
    subscribers: [
      at("ops"),
      { ...at("only-critical"), minimumSeverity: "critical" },
      { ...at("only-failures"), kinds: ["scan.failed"] },
      { ...at("high-and-up"), minimumSeverity: "high" },
    ],
    clock: manualClock(),
    sender: { send },
    deliveries: {
      send: async (all) => {
        const error = queueErrors.shift();
        if (error !== undefined) throw error;
        queued.push(...all);
      },
    },
    deadLetters: { add: async () => undefined },
    deliveryLog: { add: async () => undefined },
    log: silentLog,
  });
  return { dispatch, queued };
}

it("notes every attempt with its answer and the next one, and delivers also when nothing can be noted", async () => {
  const noted: DeliveryAttempt[] = [];
  const answers: WebhookAnswer[] = [
    { kind: "refused", status: 500 },
    { kind: "accepted", status: 204 },
  ];
  const clock = manualClock();
  let broken = false;
  const deliver = deliverWebhook({
    subscribers: [subscriber],
    clock,
    sender: { send: async () => answers.shift() ?? { kind: "accepted", status: 200 } },
    deliveries: { send: async () => undefined },
    deadLetters: { add: async () => undefined },
    deliveryLog: {
      add: async (attempt) => {
        if (broken) throw new Error("The disk is full.");
        noted.push(attempt);
      },
    },
    log: silentLog,
  });

  await deliver(delivery);
  await deliver({ ...delivery, attempt: 2 });
  broken = true;
  const unnoted = await deliver({ ...delivery, attempt: 3 });

  expect(noted).toMatchObject([
    { subscriber: "ops", alertId: "alert-1", attempt: 1, answer: { kind: "refused", status: 500 } },
    { attempt: 2, answer: { kind: "accepted", status: 204 } },
  ]);
  expect(noted.map(({ nextAt }) => nextAt)).toEqual([new Date(clock.now().getTime() + 5000), undefined]);
  expect(unnoted).toEqual({ kind: "delivered", status: 200 });
});
