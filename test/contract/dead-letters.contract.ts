import { describe, expect, it } from "vitest";

import type { DeadLetter, DeadLetters } from "../../shared/ports/dead-letters.ts";

/** @param open gives an empty store for one test */
export function deadLettersContract(open: () => Promise<DeadLetters>): void {
  describe("dead letters", () => {
    it("gives back a letter as it was put aside", async () => {
      const letters = await open();

      await letters.add(aLetter, minute(0));
      const [head] = (await letters.list({}, { limit: 10 })).items;
      const read = await letters.read(head?.id ?? "");

      const { body, ...withoutBody } = aLetter;
      expect(head).toEqual({
        ...withoutBody,
        id: head?.id,
        firstAt: minute(0),
        lastAt: minute(0),
        count: 1,
        truncated: false,
      });
      expect(read?.value).toEqual({ ...head, body });
    });

    it.each([
      { kind: "queue", queue: "scan-requests" },
      { kind: "alert" },
      { kind: "event", from: "eventGrid" },
      { kind: "event", from: "distribution" },
      { kind: "webhook", subscriber: "ops", alertId: "a1" },
    ] as const)("keeps where a letter came from: %j", async (origin) => {
      const letters = await open();

      await letters.add({ ...aLetter, origin }, minute(0));

      expect((await letters.list({}, { limit: 1 })).items).toMatchObject([{ origin }]);
    });

    it("counts the same letter again, and moves it to the front", async () => {
      const letters = await open();
      const other = { ...aLetter, body: "other" };

      await letters.add(aLetter, minute(0));
      await letters.add(other, minute(1));
      await letters.add({ ...aLetter, detail: "said otherwise" }, minute(2));

      const { items } = await letters.list({}, { limit: 10 });
      expect(items).toMatchObject([
        { count: 2, firstAt: minute(0), lastAt: minute(2), detail: "said otherwise" },
        { count: 1, lastAt: minute(1) },
      ]);
    });

    it("keeps letters apart that differ in source, reason, origin or body", async () => {
      const letters = await open();

      for (const change of [
        {},
        { source: "b" },
        { reason: "b" },
        { origin: { kind: "alert" } as const },
        { body: "b" },
      ])
        await letters.add({ ...aLetter, ...change }, minute(0));

      expect((await letters.list({}, { limit: 10 })).items).toHaveLength(5);
    });

    it("lists by source and by reason, in pages, newest first", async () => {
      const letters = await open();
      for (let index = 0; index < 9; index += 1)
        await letters.add(
          {
            ...aLetter,
            source: `s${(index % 3).toString()}`,
            reason: `r${(index % 2).toString()}`,
            body: index.toString(),
          },
          minute(index),
        );

      const first = await letters.list({}, { limit: 5 });
      const second = await letters.list({}, { limit: 5, cursor: first.next });
      const some = await letters.list({ source: "s0", reason: "r0" }, { limit: 5 });

      const minutes = [...first.items, ...second.items].map(({ lastAt }) => lastAt.getMinutes());
      expect(minutes).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
      expect(second.next).toBeUndefined();
      expect(some.items.map(({ lastAt }) => lastAt.getMinutes())).toEqual([6, 0]);
    });

    it("cuts a body that is longer than any message, and says so", async () => {
      const letters = await open();

      await letters.add({ ...aLetter, body: `a${"é".repeat(200_000)}` }, minute(0));
      await letters.add({ ...aLetter, body: "\u0001".repeat(262_144) }, minute(1));

      const { items } = await letters.list({}, { limit: 2 });
      const bodies = await Promise.all(items.map(async ({ id }) => (await letters.read(id))?.value.body ?? ""));
      expect(items.map(({ truncated }) => truncated)).toEqual([false, true]);
      expect(bodies.map((body) => Buffer.byteLength(body))).toEqual([262_144, 262_143]);
      expect(bodies[1]?.endsWith("é")).toBe(true);
    });

    it("removes a letter once, and not one that came again meanwhile", async () => {
      const letters = await open();
      await letters.add(aLetter, minute(0));
      const id = (await letters.list({}, { limit: 1 })).items[0]?.id ?? "";
      const before = await letters.read(id);
      await letters.add(aLetter, minute(1));
      const after = await letters.read(id);

      const stale = await letters.remove(id, before?.etag ?? '""');
      const fresh = await letters.remove(id, after?.etag ?? '""');
      const again = await letters.remove(id, after?.etag ?? '""');

      expect([stale, fresh, again]).toEqual([false, true, false]);
      expect(await letters.read(id)).toBeUndefined();
    });

    it("removes those that came last before an instant, as many as it may", async () => {
      const letters = await open();
      for (let index = 0; index < 4; index += 1)
        await letters.add({ ...aLetter, body: index.toString() }, minute(index));

      const removed = [await letters.removeOlder(minute(3), 2), await letters.removeOlder(minute(3), 2)];

      expect(removed).toEqual([2, 1]);
      expect((await letters.list({}, { limit: 10 })).items).toMatchObject([{ lastAt: minute(3) }]);
    });
  });
}

const aLetter: DeadLetter = {
  source: "scanImage",
  reason: "invalid-message",
  detail: "Not a scan request: image: expected an object.",
  body: '{"image":1}',
  origin: { kind: "queue", queue: "scan-requests" },
};

function minute(minutes: number): Date {
  return new Date(2026, 10, 21, 12, minutes);
}
