import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Broker } from "../../../../shared/adapters/sqlite/broker/broker.ts";
import { deadLetterPath } from "../../../../shared/adapters/sqlite/broker/entities.ts";
import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { manualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { temporaryFile, type TemporaryFile } from "./temporary-file.ts";

const HOUR_MS = 3_600_000;

describe("waiting for messages", () => {
  let temporary: TemporaryFile;
  let clock: ManualClock;
  let broker: Broker;
  let sleeps = 0;
  beforeEach(() => {
    temporary = temporaryFile("messages.db");
    clock = manualClock();
    sleeps = 0;
    const counting: ManualClock = {
      ...clock,
      sleep: async (ms, signal) => {
        sleeps += 1;
        await clock.sleep(ms, signal);
      },
    };
    const queues = [{ name: "work", lockDurationMs: 60_000, maxDeliveryCount: 1 }, { name: "often" }];
    broker = openBroker({ file: temporary.file, clock: counting, entities: { queues } });
  });
  afterEach(async () => {
    await broker.close();
    temporary.remove();
  });

  it("ends without a message when the time to wait is over", async () => {
    const waiting = broker.receive("work", 1, { waitMs: HOUR_MS });

    await clock.advance(HOUR_MS);

    expect(await waiting).toEqual([]);
    expect(sleeps).toBe(1);
  });

  it("sleeps through until a scheduled message is due", async () => {
    await broker.schedule("work", [{ body: "1" }], new Date(clock.now().getTime() + 1_000_000));
    const waiting = broker.receive("work", 1, { waitMs: HOUR_MS });

    await clock.advance(1_000_000);

    expect(await waiting).toMatchObject([{ body: "1" }]);
    expect(sleeps).toBe(1);
  });

  it("learns of a message that is scheduled while it waits", async () => {
    const waiting = broker.receive("work", 1, { waitMs: HOUR_MS });
    await broker.schedule("work", [{ body: "1" }], new Date(clock.now().getTime() + 1_000_000));

    await clock.advance(1_000_000);

    expect(await waiting).toMatchObject([{ body: "1" }]);
  });

  it("wakes when the lock of another receiver runs out", async () => {
    await broker.send("often", [{ body: "1" }]);
    await broker.receive("often", 1);
    const waiting = broker.receive("often", 1, { waitMs: HOUR_MS });

    await clock.advance(60_000);

    expect(await waiting).toMatchObject([{ body: "1", deliveryCount: 2 }]);
    expect(sleeps).toBe(1);
  });

  it("wakes at a dead-letter queue when a message dies by the clock alone", async () => {
    const waiting = broker.receive(deadLetterPath("work"), 1, { waitMs: HOUR_MS });
    await broker.send("work", [{ body: "1" }]);
    // Lets it look again, and go back to sleep, before there is a lock.
    await clock.advance(1);
    await broker.receive("work", 1);

    await clock.advance(60_000);

    expect(await waiting).toMatchObject([{ body: "1", deadLetterReason: "MaxDeliveryCountExceeded" }]);
  });

  it("gives each of several waiting receivers a message of its own", async () => {
    const waiting = [1, 2, 3].map(async () => await broker.receive("work", 1, { waitMs: HOUR_MS }));

    await broker.send("work", [{ body: "1" }, { body: "2" }, { body: "3" }]);

    const received = await Promise.all(waiting);
    expect(received.flat().map(({ body }) => body)).toEqual(["1", "2", "3"]);
  });

  it("does not miss a message that is sent in the same turn in which it looks", async () => {
    const waiting = broker.receive("work", 1, { waitMs: HOUR_MS });
    const sending = broker.send("work", [{ body: "1" }]);

    await sending;

    expect(await waiting).toMatchObject([{ body: "1" }]);
  });

  it("ends without a message at abort, and locks none afterwards", async () => {
    const controller = new AbortController();
    const waiting = broker.receive("work", 1, { waitMs: HOUR_MS, signal: controller.signal });

    controller.abort();
    await broker.send("work", [{ body: "1" }]);

    expect(await waiting).toEqual([]);
    expect(await broker.receive("work", 1, { signal: controller.signal })).toEqual([]);
    expect(await broker.counts("work")).toMatchObject({ active: 1, locked: 0 });
  });

  it("ends without a message when the broker closes", async () => {
    const waiting = broker.receive("work", 1, { waitMs: HOUR_MS });

    await broker.close();

    expect(await waiting).toEqual([]);
  });
});
