import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Broker } from "../../../../shared/adapters/sqlite/broker/broker.ts";
import { deadLetterPath, type EntityDeclarations } from "../../../../shared/adapters/sqlite/broker/entities.ts";
import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { manualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { temporaryFile, type TemporaryFile } from "./temporary-file.ts";

describe("the embedded broker's file", () => {
  let temporary: TemporaryFile;
  let clock: ManualClock;
  let opened: Broker[] = [];
  beforeEach(() => {
    temporary = temporaryFile("messages.db");
    clock = manualClock();
  });
  afterEach(async () => {
    for (const broker of opened) await broker.close();
    opened = [];
    temporary.remove();
  });

  const work: EntityDeclarations = { queues: [{ name: "work", maxDeliveryCount: 3 }] };
  const open = (entities: EntityDeclarations = work): Broker => {
    const broker = openBroker({ file: temporary.file, clock, entities });
    opened.push(broker);
    return broker;
  };

  it("keeps messages, schedules and dead letters while nobody has it open", async () => {
    const before = open();
    await before.send("work", [{ body: "dead" }, { body: "waiting" }]);
    await before.schedule("work", [{ body: "scheduled" }], new Date(clock.now().getTime() + 60_000));
    for (const message of await before.receive("work", 1)) await before.deadLetter(message, { reason: "Because" });
    await before.close();

    const after = open();

    expect(await after.counts("work")).toEqual({ active: 1, scheduled: 1, locked: 0, deadLettered: 1 });
    expect(await after.peek(deadLetterPath("work"))).toMatchObject([{ body: "dead", deadLetterReason: "Because" }]);
    await clock.advance(60_000);
    expect(await after.receive("work", 9)).toMatchObject([{ body: "waiting" }, { body: "scheduled" }]);
  });

  it("releases the locks of the process before at once, and keeps the count of its deliveries", async () => {
    const before = open();
    await before.send("work", [{ body: "1" }]);
    const [held] = await before.receive("work", 1);
    await before.close();

    const after = open();

    expect(await after.receive("work", 1)).toMatchObject([{ body: "1", deliveryCount: 2 }]);
    expect(held && (await after.complete(held))).toBe("lockLost");
  });

  it("makes a message a dead letter when the process has ended during its last allowed delivery", async () => {
    await open().send("work", [{ body: "1" }]);
    for (let delivery = 1; delivery <= 3; delivery += 1) {
      const broker = reopen();
      expect(await broker.receive("work", 1)).toMatchObject([{ deliveryCount: delivery }]);
    }

    const after = reopen();

    expect(await after.receive("work", 1)).toEqual([]);
    expect(await after.peek(deadLetterPath("work"))).toMatchObject([
      { body: "1", deliveryCount: 3, deadLetterReason: "MaxDeliveryCountExceeded" },
    ]);
  });

  it("remembers the message ids of the window", async () => {
    const entities = { queues: [{ name: "once", duplicateDetectionWindowMs: 60_000 }] };
    await open(entities).send("once", [{ messageId: "a", body: "1" }]);
    const after = reopen(entities);

    await after.send("once", [{ messageId: "a", body: "2" }]);

    expect(await after.receive("once", 9)).toMatchObject([{ body: "1" }]);
  });

  it("never gives a sequence number twice, also when the last message is gone", async () => {
    const before = open();
    await before.send("work", [{ body: "1" }]);
    const [first] = await before.receive("work", 1);
    if (first) await before.complete(first);
    const after = reopen();

    await after.send("work", [{ body: "2" }]);

    const [second] = await after.receive("work", 1);
    expect(second?.sequenceNumber).toBeGreaterThan(first?.sequenceNumber ?? Infinity);
  });

  it("keeps the messages of a queue that is no longer declared until it is declared again", async () => {
    await open().send("work", [{ body: "1" }]);

    const without = reopen({});
    await expect(without.receive("work", 1)).rejects.toThrow('There is no queue or subscription "work"');

    expect(await reopen().receive("work", 1)).toMatchObject([{ body: "1" }]);
  });

  it("is refused to a second broker, until the first has closed", async () => {
    const first = open();

    expect(() => open()).toThrow(`${temporary.file} is in use by another process. Stop that one`);
    await first.close();

    expect(await open().counts("work")).toMatchObject({ active: 0 });
  });

  it("stores what was sent just before it closes, and refuses what comes after", async () => {
    const before = open();

    const sending = before.send("work", [{ body: "1" }]);
    await before.close();
    await sending;

    await expect(before.send("work", [{ body: "2" }])).rejects.toThrow("The broker is closed");
    await expect(before.receive("work", 1)).rejects.toThrow("The broker is closed");
    await before.close();
    expect(await open().counts("work")).toMatchObject({ active: 1 });
  });

  it("refuses declarations that Service Bus would refuse, and leaves the file free", async () => {
    expect(() => open({ queues: [{ name: "work", lockDurationMs: 300_001 }] })).toThrow("5 minutes");
    expect(() => open({ queues: [{ name: "work", duplicateDetectionWindowMs: 1 }] })).toThrow("20 seconds to 7 days");
    expect(() => open({ queues: [{ name: "work" }, { name: "Work" }] })).toThrow("declared twice");
    expect(() => open({ queues: [{ name: "a b" }] })).toThrow("no name for a queue");
    const sql = { kind: "sql", expression: "a + 1 = 2" } as const;
    expect(() => open({ topics: [{ name: "t", subscriptions: [{ name: "s", filter: sql }] }] })).toThrow("arithmetic");

    expect(await open().counts("work")).toMatchObject({ active: 0 });
  });

  /** Opens anew, the broker before having closed without settling anything. */
  function reopen(entities?: EntityDeclarations): Broker {
    for (const broker of opened) void broker.close();
    return open(entities);
  }
});
