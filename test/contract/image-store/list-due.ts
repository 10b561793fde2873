import { describe, expect, it } from "vitest";

import type { ImageRecord } from "../../../shared/domain/image-record.ts";
import { parseTag } from "../../../shared/domain/image-reference.ts";
import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { aDigest, anImage, anImageRecord, aScanSummary } from "../../support/samples.ts";
import { allPages } from "./all-pages.ts";
import { everyState } from "./every-state.ts";

export function listDueContract(store: ImageStore): void {
  describe("listDue", () => {
    const bounds = { usedSince: day(10), checkedUntil: day(20) };

    it("has images in use that were checked long ago, the longest unchecked first", async () => {
      const records = [
        checked("newest", { checkedAt: day(20), usedAt: day(10) }),
        checked("oldest", { checkedAt: day(1), usedAt: day(30) }),
        checked("just checked", { checkedAt: new Date(day(20).getTime() + 1), usedAt: day(30) }),
        checked("unused", { checkedAt: day(2), usedAt: new Date(day(10).getTime() - 1) }),
        anImageRecord({
          image: anImage({ digest: aDigest("failed") }),
          state: { kind: "failed", since: day(15), failure: "timeout", attempts: 3, detail: "Too slow." },
          tags: [parseTag("failed")],
          lastPulledAt: day(30),
          scan: undefined,
        }),
      ];
      for (const record of records) await store.write(record, "new");

      const due = await store.listDue(bounds, { limit: 10 });

      expect(due.items.map(({ value }) => value.tags[0])).toEqual(["oldest", "failed", "newest"]);
    });

    it("leaves out every state but scanned and failed", async () => {
      const states = everyState.filter(({ kind }) => kind !== "scanned" && kind !== "failed");
      for (const state of states)
        await store.write({ ...checked(state.kind, { checkedAt: day(1), usedAt: day(30) }), state }, "new");

      expect(await store.listDue(bounds, { limit: 10 })).toEqual({ items: [] });
    });

    it("gives etags that a write accepts", async () => {
      await store.write(checked("due", { checkedAt: day(1), usedAt: day(30) }), "new");
      const [due] = (await store.listDue(bounds, { limit: 10 })).items;

      expect(due && (await store.write(due.value, due.etag)).kind).toBe("written");
    });

    it("goes on where it was, though what it showed was written and is due no more", async () => {
      const names = Array.from({ length: 7 }, (_, index) => `image-${index}`);
      for (const [index, name] of names.entries())
        await store.write(checked(name, { checkedAt: day(1 + Math.floor(index / 3)), usedAt: day(30) }), "new");

      const shown = await allPages(async (page) => {
        const due = await store.listDue(bounds, page);
        for (const { value, etag } of due.items)
          await store.write({ ...value, state: { kind: "waiting", since: day(31), reason: "due" } }, etag);
        return due;
      }, 2);

      expect(shown.map(({ value }) => value.tags[0]).toSorted()).toEqual(names);
    });
  });
}

function checked(
  name: string,
  { checkedAt, usedAt }: { readonly checkedAt: Date; readonly usedAt: Date },
): ImageRecord {
  return anImageRecord({
    image: anImage({ digest: aDigest(name) }),
    tags: [parseTag(name.replaceAll(" ", "-"))],
    lastPushedAt: undefined,
    lastPulledAt: usedAt,
    scan: aScanSummary({ scannedAt: checkedAt }),
  });
}

function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, number));
}
