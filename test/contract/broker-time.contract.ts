import { expect, it } from "vitest";

import { deadLetterPath } from "../../shared/adapters/sqlite/broker/entities.ts";
import { bodies, type BrokerContract } from "./broker-contract-subject.ts";

/** Schedules, duplicate detection and expiry. */
export function timeContract(subject: BrokerContract): void {
  it("delivers a scheduled message at its time and not before", async () => {
    await subject.broker.schedule("work", [{ body: "later" }], new Date(Date.now() + 10 * 365 * 86_400_000));
    await subject.broker.send("work", [{ body: "soon", scheduledEnqueueAt: await subject.inMs(3_000) }]);

    expect(await subject.broker.receive("work", 1)).toEqual([]);
    await subject.passTime(3_001);

    expect((await subject.receiveOne()).body).toBe("soon");
    expect(await subject.broker.receive("work", 1)).toEqual([]);
  });

  it("shows a scheduled message to those who peek, and cancels it once", async () => {
    const [sequenceNumber = 0] = await subject.broker.schedule("work", [{ body: "later" }], await subject.inMs(3_000));

    expect(await subject.broker.peek("work")).toMatchObject([{ body: "later", state: "scheduled", sequenceNumber }]);
    expect(await subject.broker.cancelScheduled("work", sequenceNumber)).toBe(true);
    expect(await subject.broker.cancelScheduled("work", sequenceNumber)).toBe(false);
    await subject.passTime(3_001);

    expect(await subject.broker.receive("work", 1)).toEqual([]);
  });

  it("drops a message whose id was sent within the window, also after the first was completed", async () => {
    await subject.broker.send("once", [{ messageId: "a", body: "first" }]);
    await subject.broker.complete(await subject.receiveOne("once"));

    await subject.broker.send("once", [{ messageId: "a", body: "second" }]);
    await subject.broker.send("once", [{ messageId: "b", body: "other" }]);

    expect(bodies(await subject.broker.receive("once", 9))).toEqual(["other"]);
  });

  it("counts scheduled messages as sent when it looks for duplicates", async () => {
    await subject.broker.schedule("once", [{ messageId: "a", body: "later" }], await subject.inMs(3_000));

    await subject.broker.send("once", [{ messageId: "a", body: "now" }]);

    expect(await subject.broker.receive("once", 1)).toEqual([]);
  });

  it("accepts an id again when the window is over", async () => {
    await subject.broker.send("once", [{ messageId: "a", body: "first" }]);
    await subject.broker.complete(await subject.receiveOne("once"));

    await subject.passTime(20_001);
    await subject.broker.send("once", [{ messageId: "a", body: "second" }]);

    expect((await subject.receiveOne("once")).body).toBe("second");
  });

  it("makes an expired message a dead letter where the queue says so", async () => {
    await subject.broker.send("work", [{ body: "1", timeToLiveMs: 2_000 }]);

    await subject.passTime(2_001);

    expect(await subject.broker.receive("work", 1)).toEqual([]);
    expect(await subject.receiveOne(DEAD)).toMatchObject({ body: "1", deadLetterReason: "TTLExpiredException" });
  });

  it("drops an expired message where the queue does not say so", async () => {
    await subject.broker.send("once", [{ body: "1", timeToLiveMs: 2_000 }]);

    await subject.passTime(2_001);

    expect(await subject.broker.receive("once", 1)).toEqual([]);
    expect(await subject.broker.receive(deadLetterPath("once"), 1)).toEqual([]);
  });

  it("lets a message that expires while it is locked be completed", async () => {
    await subject.broker.send("work", [{ body: "1", timeToLiveMs: 2_000 }]);
    const message = await subject.receiveOne();

    await subject.passTime(2_001);

    expect(await subject.broker.complete(message)).toBe("settled");
    expect(await subject.broker.receive(DEAD, 1)).toEqual([]);
  });
}

const DEAD = deadLetterPath("work");
