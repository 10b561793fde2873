import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Broker } from "../../../../shared/adapters/sqlite/broker/broker.ts";
import { deadLetterPath, subscriptionPath } from "../../../../shared/adapters/sqlite/broker/entities.ts";
import type { OutgoingMessage } from "../../../../shared/adapters/sqlite/broker/message.ts";
import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { manualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { temporaryFile, type TemporaryFile } from "./temporary-file.ts";

const KB = 1_024;

describe("the embedded broker's limits", () => {
  let temporary: TemporaryFile;
  let clock: ManualClock;
  let broker: Broker;
  beforeEach(() => {
    temporary = temporaryFile("messages.db");
    clock = manualClock();
    broker = openBroker({
      file: temporary.file,
      clock,
      entities: {
        queues: [{ name: "work" }, { name: "short", defaultTimeToLiveMs: 1_000 }],
        topics: [{ name: "topic", subscriptions: [{ name: "short", defaultTimeToLiveMs: 1_000 }, { name: "long" }] }],
      },
    });
  });
  afterEach(async () => {
    await broker.close();
    temporary.remove();
  });

  it("takes a message of exactly 256 KB, id included", async () => {
    const messageId = "m";
    const body = "x".repeat(256 * KB - "messageId".length - messageId.length);

    await broker.send("work", [{ messageId, body }]);

    await expect(broker.send("work", [{ messageId, body: `${body}x` }])).rejects.toThrow("262145 bytes");
    expect(await broker.receive("work", 9)).toMatchObject([{ body }]);
  });

  it("measures a body in bytes, not in characters", async () => {
    await expect(broker.send("work", [{ body: "€".repeat(100 * KB) }])).rejects.toThrow("307200 bytes");
  });

  it("counts all messages of a call together, as one batch of Service Bus", async () => {
    const body = "x".repeat(100 * KB);

    await expect(broker.send("work", [{ body }, { body }, { body }])).rejects.toThrow("3 messages have together");
  });

  it.each<[string, OutgoingMessage, string]>([
    ["one property above 32 KB", property("x".repeat(32 * KB)), "propertiesSizeExceeded"],
    ["properties above 64 KB together", { ...property("x".repeat(31 * KB)), ...system() }, "propertiesSizeExceeded"],
    ["a number that is none", property(NaN), "invalidMessage"],
    ["an empty id", { messageId: "", body: "" }, "invalidMessage"],
    ["no time to live", { timeToLiveMs: 0, body: "" }, "invalidMessage"],
    ["an instant that is none", { scheduledEnqueueAt: new Date(NaN), body: "" }, "invalidMessage"],
  ])("refuses %s", async (_, message, reason) => {
    await expect(broker.send("work", [message])).rejects.toMatchObject({ name: "MessageRefusedError", reason });
  });

  it("refuses new properties above the limit when a message is abandoned, which then stays locked", async () => {
    await broker.send("work", [{ body: "1" }, { body: "2" }]);
    const [first, second] = await broker.receive("work", 2);
    if (!first || !second) throw new Error("two messages were sent");

    const refused = broker.abandon(first, { a: "x".repeat(33 * KB) });
    const others = broker.complete(second);

    await expect(refused).rejects.toMatchObject({ reason: "propertiesSizeExceeded" });
    expect(await others).toBe("settled");
    expect(await broker.complete(first)).toBe("settled");
  });

  it("lets no message live longer than its queue or subscription allows", async () => {
    await broker.send("short", [{ body: "1", timeToLiveMs: 5_000 }]);
    await broker.send("topic", [{ body: "2", timeToLiveMs: 5_000 }]);

    await clock.advance(1_000);

    expect(await broker.counts("short")).toMatchObject({ active: 0, deadLettered: 0 });
    expect(await broker.counts(subscriptionPath("topic", "short"))).toMatchObject({ active: 0 });
    expect(await broker.counts(subscriptionPath("topic", "long"))).toMatchObject({ active: 1 });
  });

  it("takes a time to live beyond the end of time for none", async () => {
    await broker.send("work", [{ body: "1", timeToLiveMs: Number.MAX_SAFE_INTEGER }]);

    const [message] = await broker.receive("work", 1);

    expect(message).not.toHaveProperty("expiresAt");
  });

  it("refuses to make a dead letter of a dead letter", async () => {
    await broker.send("work", [{ body: "1" }]);
    for (const message of await broker.receive("work", 1)) await broker.deadLetter(message);
    const [dead] = await broker.receive(deadLetterPath("work"), 1);
    if (!dead) throw new Error("there is a dead letter");

    await expect(broker.deadLetter(dead)).rejects.toMatchObject({ name: "DeadLetterRefusedError" });
  });

  it("counts what is active, scheduled, locked and dead, in any letter case of the path", async () => {
    await broker.send("work", [{ body: "1" }, { body: "2" }, { body: "3" }, { body: "4" }]);
    await broker.schedule("work", [{ body: "5" }], new Date(clock.now().getTime() + 1_000));
    await broker.schedule("topic", [{ body: "6" }], new Date(clock.now().getTime() + 1_000));
    const [first] = await broker.receive("work", 2);
    if (first) await broker.deadLetter(first);

    expect(await broker.counts("Work")).toEqual({ active: 2, scheduled: 1, locked: 1, deadLettered: 1 });
    expect(await broker.counts("WORK/$DeadLetterQueue")).toMatchObject({ active: 1, deadLettered: 0 });
    expect(await broker.counts("topic")).toEqual({ active: 0, scheduled: 1, locked: 0, deadLettered: 0 });
  });

  it("says which paths it does not know", async () => {
    await expect(broker.send("wrok", [{ body: "" }])).rejects.toThrow('There is no queue or topic "wrok"');
    await expect(broker.receive("topic", 1)).rejects.toThrow('There is no queue or subscription "topic"');
  });
});

function property(value: string | number): OutgoingMessage {
  return { body: "", applicationProperties: { value } };
}

function system(): Partial<OutgoingMessage> {
  return { subject: "x".repeat(31 * KB), correlationId: "x".repeat(10 * KB) };
}
