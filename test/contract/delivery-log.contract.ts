import { expect, it } from "vitest";

import type { DeliveryAttempt, DeliveryLog } from "../../shared/ports/delivery-log.ts";

/** @param open gives an empty log for one test */
export function deliveryLogContract(open: () => Promise<DeliveryLog>): void {
  it.each<Pick<DeliveryAttempt, "answer" | "nextAt">>([
    { answer: { kind: "accepted", status: 204 } },
    { answer: { kind: "refused", status: 429, retryAfter: at(9) }, nextAt: at(9) },
    { answer: { kind: "refused", status: 500 }, nextAt: at(5) },
    { answer: { kind: "unreachable", detail: "The name cannot be found." } },
  ])("gives an attempt back as it was noted: %j", async (ending) => {
    const log = await open();
    const attempt = { ...anAttempt(0), ...ending };

    await log.add(attempt);

    expect((await log.list({ subscriber: "ops" }, { limit: 1 })).items).toEqual([attempt]);
  });

  it("lists those of one subscriber, or of one alert, newest first and in pages", async () => {
    const log = await open();
    for (let index = 0; index < 6; index += 1)
      await log.add({ ...anAttempt(index), alertId: index % 2 === 0 ? "even" : "odd" });
    await log.add({ ...anAttempt(6), subscriber: "other" });

    const first = await log.list({ subscriber: "ops" }, { limit: 4 });
    const second = await log.list({ subscriber: "ops" }, { limit: 4, cursor: first.next });
    const odd = await log.list({ subscriber: "ops", alertId: "odd" }, { limit: 4 });

    expect([...first.items, ...second.items].map(({ at: each }) => each)).toEqual([5, 4, 3, 2, 1, 0].map(at));
    expect(odd.items.map(({ at: each }) => each)).toEqual([5, 3, 1].map(at));
  });

  it("removes the oldest before an instant, as many as it may", async () => {
    const log = await open();
    for (const index of [0, 1, 2, 3]) await log.add(anAttempt(index));

    expect([await log.removeOlder(at(3), 2), await log.removeOlder(at(3), 2)]).toEqual([2, 1]);
  });
}

export function anAttempt(minute: number): DeliveryAttempt {
  const answer = { kind: "accepted", status: 204 } as const;
  return { subscriber: "ops", alertId: "a1", attempt: 1, at: at(minute), durationMs: 12, answer };
}

function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 21, 12, minutes));
}
