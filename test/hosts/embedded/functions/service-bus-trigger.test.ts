import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OutgoingMessage } from "../../../../shared/adapters/sqlite/broker/message.ts";
import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { systemClock, type Clock } from "../../../../shared/ports/clock.ts";
import { manualClock } from "../../../support/manual-clock.ts";
import { failures, gate, handled, names } from "./fixtures/handled-messages.ts";
import { only, startHost, temporaryDirectory } from "./start-host.ts";

const functions = () => import("./fixtures/service-bus-functions.ts");

beforeEach(() => {
  handled.length = 0;
  failures.left = 0;
  Object.assign(gate, { open: Promise.resolve(), waiting: 0 });
});

const hostJson = {
  version: "2.0",
  extensions: { serviceBus: { maxConcurrentCalls: 2, maxAutoLockRenewalDuration: "00:10:00" } },
};

async function startBroker(clock: Clock) {
  const broker = openBroker({
    file: join(await temporaryDirectory(), "broker.db"),
    clock,
    entities: {
      queues: ["work", "slow", "many", "binary"].map((name) => ({ name, maxDeliveryCount: 3, lockDurationMs: 60_000 })),
      topics: [{ name: "findings", subscriptions: [{ name: "alerts" }] }],
    },
  });
  onTestFinished(() => broker.close());
  return broker;
}

async function startWith(name: string, clock: Clock = systemClock, options: { readonly graceMs?: number } = {}) {
  const broker = await startBroker(clock);
  const host = await startHost({
    functions,
    broker,
    clock,
    hostJson,
    appSettings: { ...only(names, name), WorkQueue: "work", AlertSubscription: "alerts" },
    ...options,
  });
  return { broker, host };
}

const message: OutgoingMessage = {
  messageId: "m-1",
  body: '{"image":"a"}',
  contentType: "application/json",
  correlationId: "c-1",
  subject: "pushed",
  applicationProperties: { severity: 4, kind: "opened" },
};

describe("a message of a queue", () => {
  it("reaches the function parsed, with its metadata, and is completed", async () => {
    const { broker } = await startWith("handle");

    await broker.send("work", [message]);
    await vi.waitFor(() => expect(handled).toHaveLength(1));

    const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    const anyNumber: unknown = expect.any(Number);
    const anyString: unknown = expect.any(String);
    expect(handled).toMatchObject([
      {
        message: { image: "a" },
        metadata: {
          messageId: "m-1",
          deliveryCount: 1,
          enqueuedTimeUtc: instant,
          sequenceNumber: anyNumber,
          lockToken: anyString,
          contentType: "application/json",
          correlationId: "c-1",
          subject: "pushed",
          applicationProperties: { severity: 4, kind: "opened" },
        },
      },
    ]);
    await vi.waitFor(async () => expect(await broker.counts("work")).toMatchObject({ active: 0, locked: 0 }));
  });

  it("arrives as text when it is not JSON", async () => {
    const { broker } = await startWith("handle");

    await broker.send("work", [{ body: "plain text" }]);

    await vi.waitFor(() => expect(handled).toMatchObject([{ message: "plain text" }]));
  });

  it("arrives as bytes when the function asks for binary", async () => {
    const { broker } = await startWith("handleBinary");

    await broker.send("binary", [{ body: "{}" }]);

    await vi.waitFor(() => expect(handled).toMatchObject([{ message: Buffer.from("{}") }]));
  });

  it("comes again after a failure, with a higher delivery count", async () => {
    const { broker } = await startWith("handle");
    failures.left = 1;

    await broker.send("work", [message]);
    await vi.waitFor(() => expect(handled).toHaveLength(2));

    expect(handled.map(({ metadata }) => metadata["deliveryCount"])).toEqual([1, 2]);
  });

  it("becomes a dead letter when it has failed as often as its queue allows", async () => {
    const { broker } = await startWith("handle");
    failures.left = 99;

    await broker.send("work", [message]);

    await vi.waitFor(async () => expect(await broker.counts("work")).toMatchObject({ active: 0, deadLettered: 1 }));
    expect(handled).toHaveLength(3);
  });

  it("waits while as many calls run as host.json allows", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate.open = promise;
    const { broker } = await startWith("handleSlowly");

    await broker.send("slow", [{ body: "1" }, { body: "2" }, { body: "3" }]);
    await vi.waitFor(() => expect(gate.waiting).toBe(2));
    await new Promise((later) => setTimeout(later, 50));
    const running = gate.waiting;
    resolve(undefined);

    expect(running).toBe(2);
    await vi.waitFor(() => expect(handled).toHaveLength(3));
  });

  it("stays locked while its function runs, for as long as host.json says", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate.open = promise;
    const clock = manualClock();
    const { broker, host } = await startWith("handleSlowly", clock);

    await broker.send("slow", [message]);
    await vi.waitFor(() => expect(gate.waiting).toBe(1));
    await clock.advance(9.5 * 60_000);
    const whileRenewed = handled.length;
    await clock.advance(3 * 60_000);

    expect(whileRenewed).toBe(1);
    expect(handled.map(({ metadata }) => metadata["deliveryCount"])).toEqual([1, 2]);
    resolve(undefined);
    await vi.waitFor(() =>
      expect(host.logged()).toContainEqual(expect.objectContaining({ level: "warn", messageId: "m-1" })),
    );
  });
});

it("a message of a topic reaches the function of its subscription", async () => {
  const { broker } = await startWith("handleAlert");

  await broker.send("findings", [message]);

  await vi.waitFor(() => expect(handled).toMatchObject([{ message: { image: "a" }, metadata: { messageId: "m-1" } }]));
});

it("with cardinality many, messages arrive as one array with arrays of metadata", async () => {
  const clock = systemClock;
  const broker = await startBroker(clock);
  await broker.send("many", [message, { messageId: "m-2", body: "text" }]);

  await startHost({
    functions,
    broker,
    appSettings: { ...only(names, "handleMany"), WorkQueue: "work", AlertSubscription: "alerts" },
  });
  await vi.waitFor(() => expect(handled).toHaveLength(1));

  expect(handled).toMatchObject([
    { message: [{ image: "a" }, "text"], metadata: { messageIdArray: ["m-1", "m-2"], deliveryCountArray: [1, 1] } },
  ]);
  await vi.waitFor(async () => expect(await broker.counts("many")).toMatchObject({ active: 0, locked: 0 }));
});

describe("stopping", () => {
  it("lets a running function end and completes its message", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate.open = promise;
    const { broker, host } = await startWith("handleSlowly");
    await broker.send("slow", [{ body: "1" }]);
    await vi.waitFor(() => expect(gate.waiting).toBe(1));

    const stopped = host.stop();
    await broker.send("slow", [{ body: "2" }]);
    resolve(undefined);
    await stopped;

    expect(handled).toHaveLength(1);
    expect(await broker.counts("slow")).toMatchObject({ active: 1, locked: 0 });
  });

  it("gives a message back when its function does not end within the grace period", async () => {
    gate.open = new Promise(() => undefined);
    const { broker, host } = await startWith("handleSlowly", systemClock, { graceMs: 50 });
    await broker.send("slow", [{ body: "1" }]);
    await vi.waitFor(() => expect(gate.waiting).toBe(1));

    await host.stop();

    expect(await broker.counts("slow")).toMatchObject({ active: 1, locked: 0 });
  });
});
