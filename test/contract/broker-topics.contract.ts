import { expect, it } from "vitest";

import { subscriptionPath } from "../../shared/adapters/sqlite/broker/entities.ts";
import { bodies, type BrokerContract } from "./broker-contract-subject.ts";

/** Subscriptions and their filters. */
export function topicsContract(subject: BrokerContract): void {
  it("gives each subscription whose filter matches a message of its own", async () => {
    const everything = subscriptionPath("findings", "everything");
    const urgent = subscriptionPath("findings", "urgent");
    await subject.broker.send("findings", [
      { body: "low", applicationProperties: { severity: "low" } },
      { body: "high", applicationProperties: { severity: "high" } },
    ]);

    await subject.broker.complete(await subject.receiveOne(urgent));

    expect(await subject.broker.receive(urgent, 1)).toEqual([]);
    expect(bodies(await subject.broker.receive(everything, 9))).toEqual(["low", "high"]);
  });

  it("compares every value of a correlation filter", async () => {
    await subject.broker.send("findings", [
      { body: "no retry value", subject: "asked" },
      { body: "retry is true", subject: "asked", applicationProperties: { retry: true } },
      { body: "other subject", subject: "Asked", applicationProperties: { retry: false } },
      { body: "matches", subject: "asked", applicationProperties: { retry: false, more: 1 } },
    ]);

    expect(bodies(await subject.broker.receive(subscriptionPath("findings", "asked"), 9))).toEqual(["matches"]);
  });

  it("schedules messages to a topic", async () => {
    const urgent = subscriptionPath("findings", "urgent");
    await subject.broker.schedule(
      "findings",
      [{ body: "1", applicationProperties: { severity: "high" } }],
      await subject.inMs(3_000),
    );

    expect(await subject.broker.receive(urgent, 1)).toEqual([]);
    await subject.passTime(3_001);

    expect((await subject.receiveOne(urgent)).body).toBe("1");
  });
}
