import { describe, expect, it } from "vitest";

import type { ImageState } from "../../../shared/domain/image-record.ts";
import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { aDigest, anImage, anImageRecord } from "../../support/samples.ts";
import { allPages } from "./all-pages.ts";
import { everyState } from "./every-state.ts";

export function listOverdueContract(store: ImageStore): void {
  describe("listOverdue", () => {
    it("has what waits or is scanned for longer than anybody expected, the longest overdue first", async () => {
      const lease = { holder: "h", message: "m" };
      const putOff = { failure: "timeout", detail: "", attempts: 1, failures: 1 } as const;
      const states: Record<string, ImageState> = {
        waits: { kind: "waiting", since: day(3), reason: "pushed" },
        "waits until later": { kind: "waiting", since: day(1), reason: "pushed", putOff: { ...putOff, until: day(9) } },
        "was put off": { kind: "waiting", since: day(1), reason: "pushed", putOff: { ...putOff, until: day(4) } },
        "is scanned": { kind: "scanning", since: day(1), reason: "due", lease: { ...lease, until: day(8) } },
        "was scanned by the dead": {
          kind: "scanning",
          since: day(1),
          reason: "due",
          lease: { ...lease, until: day(2) },
        },
      };
      for (const [name, state] of Object.entries(states)) await store.write(record(name, state), "new");

      const overdue = await store.listOverdue(day(5), { limit: 10 });

      const inOrder = ["was scanned by the dead", "waits", "was put off"];
      expect(overdue.items.map(({ value }) => value.image.digest)).toEqual(inOrder.map((name) => aDigest(name)));
    });

    it("leaves out every other state", async () => {
      for (const state of everyState.filter(({ kind }) => kind !== "waiting" && kind !== "scanning"))
        await store.write(record(state.kind, state), "new");

      expect(await store.listOverdue(new Date("2100-01-01"), { limit: 10 })).toEqual({ items: [] });
    });

    it("goes on where it was, though what it showed was written and is expected later", async () => {
      for (let number = 0; number < 5; number += 1)
        await store.write(record(`${number}`, { kind: "waiting", since: day(1 + number), reason: "due" }), "new");

      const shown = await allPages(async (page) => {
        const overdue = await store.listOverdue(day(20), page);
        for (const { value, etag } of overdue.items)
          await store.write({ ...value, state: { kind: "waiting", since: day(30), reason: "due" } }, etag);
        return overdue;
      }, 2);

      expect(shown).toHaveLength(5);
    });
  });
}

function record(name: string, state: ImageState) {
  return anImageRecord({ image: anImage({ digest: aDigest(name) }), state });
}

function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, number));
}
