import { expect, it } from "vitest";

import { deadLetterPath } from "../../shared/adapters/sqlite/broker/entities.ts";
import { LOCK_MS, bodies, type BrokerContract } from "./broker-contract-subject.ts";

/** Sending, locking, settling, dead letters, peeking, limits. */
export function deliveryContract(subject: BrokerContract): void {
  it("delivers a message with everything the sender said", async () => {
    const sent = {
      messageId: "m-1",
      body: '{"ä":"🌊"}',
      contentType: "application/json",
      subject: "pushed",
      correlationId: "c-1",
      to: "scanner",
      applicationProperties: { severity: "high", count: 2, fixAvailable: true },
    };

    await subject.broker.send("work", [sent]);

    expect(await subject.receiveOne()).toMatchObject({ ...sent, entityPath: "work", deliveryCount: 1 });
  });

  it("keeps a body as it is, whatever characters are in it", async () => {
    const body = "nul \u0000 and after, '\"; DROP TABLE message; -- 🌊";

    await subject.broker.send("work", [{ body }]);

    expect(await subject.receiveOne()).toMatchObject({ body });
  });

  it("delivers in the order of sending", async () => {
    await subject.broker.send("work", [{ body: "1" }, { body: "2" }]);
    await subject.broker.send("work", [{ body: "3" }]);

    const first = await subject.broker.receive("work", 2);
    const second = await subject.broker.receive("work", 2);

    expect(bodies(first)).toEqual(["1", "2"]);
    expect(bodies(second)).toEqual(["3"]);
    expect(first[0]?.sequenceNumber).toBeLessThan(first[1]?.sequenceNumber ?? 0);
  });

  it("does not deliver a locked message to anybody else", async () => {
    await subject.broker.send("work", [{ body: "1" }]);
    await subject.receiveOne();

    expect(await subject.broker.receive("work", 1)).toEqual([]);
  });

  it("never delivers a completed message again", async () => {
    await subject.broker.send("work", [{ body: "1" }]);

    expect(await subject.broker.complete(await subject.receiveOne())).toBe("settled");
    await subject.passTime(LOCK_MS + 1);

    expect(await subject.broker.receive("work", 1)).toEqual([]);
  });

  it("gives an abandoned message back at its place, with one delivery more", async () => {
    await subject.broker.send("work", [{ body: "1" }, { body: "2" }]);

    await subject.broker.abandon(await subject.receiveOne());

    expect(await subject.receiveOne()).toMatchObject({ body: "1", deliveryCount: 2 });
  });

  it("changes application properties when a message is abandoned with new ones", async () => {
    await subject.broker.send("work", [{ body: "1", applicationProperties: { a: 1, b: "kept" } }]);

    await subject.broker.abandon(await subject.receiveOne(), { a: 2, c: true });

    expect((await subject.receiveOne()).applicationProperties).toMatchObject({ a: 2, b: "kept", c: true });
  });

  it("delivers a message again when its lock has run out, and the late settlement says so", async () => {
    await subject.broker.send("work", [{ body: "1" }]);
    const late = await subject.receiveOne();

    await subject.passTime(LOCK_MS + 1);
    const again = await subject.receiveOne();

    expect(again).toMatchObject({ body: "1", deliveryCount: 2 });
    expect(await subject.broker.complete(late)).toBe("lockLost");
    expect(await subject.broker.abandon(late)).toBe("lockLost");
    expect(await subject.broker.deadLetter(late)).toBe("lockLost");
    expect(await subject.broker.renewLock(late)).toBe("lockLost");
    expect(await subject.broker.complete(again)).toBe("settled");
  });

  it("tells the holder that the lock has run out, also when nobody else has the message yet", async () => {
    await subject.broker.send("work", [{ body: "1" }]);
    const late = await subject.receiveOne();

    await subject.passTime(LOCK_MS + 1);

    expect(await subject.broker.complete(late)).toBe("lockLost");
    expect((await subject.receiveOne()).body).toBe("1");
  });

  it("keeps a message locked as long as its lock is renewed", async () => {
    await subject.broker.send("work", [{ body: "1" }]);
    const message = await subject.receiveOne();

    await subject.passTime(LOCK_MS - 2_000);
    const until = await subject.broker.renewLock(message);
    await subject.passTime(LOCK_MS - 2_000);

    expect(until).not.toBe("lockLost");
    expect(await subject.broker.receive("work", 1)).toEqual([]);
    expect(await subject.broker.complete(message)).toBe("settled");
  });

  it("makes a message a dead letter after the last allowed delivery was abandoned", async () => {
    await subject.broker.send("work", [{ body: "1" }]);

    await subject.broker.abandon(await subject.receiveOne());
    await subject.broker.abandon(await subject.receiveOne());

    expect(await subject.broker.receive("work", 1)).toEqual([]);
    expect(await subject.receiveOne(DEAD)).toMatchObject({ body: "1", deadLetterReason: "MaxDeliveryCountExceeded" });
  });

  it("makes a message a dead letter after the lock of its last allowed delivery has run out", async () => {
    await subject.broker.send("work", [{ body: "1" }]);

    await subject.broker.abandon(await subject.receiveOne());
    await subject.receiveOne();
    await subject.passTime(LOCK_MS + 1);

    expect(await subject.broker.receive("work", 1)).toEqual([]);
    expect(await subject.receiveOne(DEAD)).toMatchObject({ body: "1", deadLetterReason: "MaxDeliveryCountExceeded" });
  });

  it("keeps the reason and the description of a dead letter", async () => {
    await subject.broker.send("work", [{ body: "1" }]);

    await subject.broker.deadLetter(await subject.receiveOne(), { reason: "BadJson", errorDescription: "no digest" });

    expect(await subject.broker.peek(DEAD)).toMatchObject([
      { body: "1", deadLetterReason: "BadJson", deadLetterErrorDescription: "no digest" },
    ]);
  });

  it("delivers dead letters under lock, again and again until one is completed", async () => {
    await subject.broker.send("work", [{ body: "1" }]);
    await subject.broker.deadLetter(await subject.receiveOne());

    for (let delivery = 0; delivery < 3; delivery += 1) await subject.broker.abandon(await subject.receiveOne(DEAD));
    expect(await subject.broker.complete(await subject.receiveOne(DEAD))).toBe("settled");

    expect(await subject.broker.receive(DEAD, 1)).toEqual([]);
  });

  it("peeks at waiting and locked messages without locking or counting them", async () => {
    await subject.broker.send("work", [{ body: "1" }, { body: "2" }]);
    const locked = await subject.receiveOne();

    const peeked = await subject.broker.peek("work");
    const rest = await subject.broker.peek("work", { fromSequenceNumber: locked.sequenceNumber + 1, maxMessages: 1 });

    expect(bodies(peeked)).toEqual(["1", "2"]);
    expect(bodies(rest)).toEqual(["2"]);
    expect((await subject.receiveOne()).deliveryCount).toBe(1);
  });

  it("refuses a message above 256 KB, and takes none of those sent with it", async () => {
    const tooLarge = { body: "x".repeat(256 * 1024 + 1) };

    await expect(subject.broker.send("work", [{ body: "1" }, tooLarge])).rejects.toMatchObject({
      name: "MessageRefusedError",
      reason: "messageSizeExceeded",
    });
    expect(await subject.broker.receive("work", 1)).toEqual([]);
  });

  it("refuses a message id above 128 characters", async () => {
    await expect(subject.broker.send("work", [{ messageId: "x".repeat(129), body: "" }])).rejects.toMatchObject({
      name: "MessageRefusedError",
      reason: "messageIdTooLong",
    });
  });

  it("wakes a waiting receiver when a message is sent", async () => {
    const waiting = subject.broker.receive("work", 5, { waitMs: 60_000 });

    await subject.broker.send("work", [{ body: "1" }]);

    expect(bodies(await waiting)).toEqual(["1"]);
  });
}

const DEAD = deadLetterPath("work");
