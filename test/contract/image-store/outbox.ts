import { describe, expect, it } from "vitest";

import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { aDigest, anAlertEntry, anImage, anImageRecord, anSbomEntry } from "../../support/samples.ts";

export function outboxContract(store: ImageStore): void {
  describe("the outbox", () => {
    it("gives back entries as they were written with their record", async () => {
      const entries = [anAlertEntry(), anSbomEntry()];

      await store.write(anImageRecord(), "new", { outbox: entries });

      expect(await store.pendingOutbox(10)).toEqual(entries);
    });

    it("gets nothing from a write that was refused", async () => {
      await store.write(anImageRecord(), "new");

      await store.write(anImageRecord(), "new", { outbox: [anAlertEntry()] });

      expect(await store.pendingOutbox(10)).toEqual([]);
    });

    it("leaves an entry as it is whose id comes a second time", async () => {
      const record = anImageRecord();
      await store.write(record, "new", { outbox: [anAlertEntry()] });
      const etag = (await store.read(record.id))?.etag ?? '""';

      const again = await store.write(record, etag, {
        outbox: [anAlertEntry({ createdAt: new Date(0) }), anSbomEntry()],
      });

      expect(again.kind).toBe("written");
      expect(await store.pendingOutbox(10)).toEqual([anAlertEntry(), anSbomEntry()]);
    });

    it("gives the oldest entries first, of all images or of one", async () => {
      const images = ["a", "b"].map((repository) => anImage({ repository }));
      for (const image of images)
        await store.write(anImageRecord({ image }), "new", {
          outbox: [3, 1, 2].map((second) =>
            anSbomEntry({ image, id: `${image.repository}${second}`, createdAt: new Date(second * 1000) }),
          ),
        });

      const all = await store.pendingOutbox(4);
      const ofOne = await store.pendingOutbox(10, anImageRecord({ image: anImage({ repository: "b" }) }).id);

      expect(all.map(({ id }) => id.slice(1))).toEqual(["1", "1", "2", "2"]);
      expect(ofOne.map(({ id }) => id)).toEqual(["b1", "b2", "b3"]);
    });

    it("has no more what was removed, and has removed what is not there", async () => {
      const entries = [anAlertEntry(), anSbomEntry()];
      await store.write(anImageRecord(), "new", { outbox: entries });

      await store.removeOutbox(entries.slice(0, 1));
      await store.removeOutbox(entries.slice(0, 1));
      await store.removeOutbox([]);

      expect(await store.pendingOutbox(10)).toEqual(entries.slice(1));
      await store.removeOutbox(entries);
      expect(await store.pendingOutbox(10)).toEqual([]);
    });

    it("keeps what is held apart, until it is removed", async () => {
      const held = [anAlertEntry({ id: "held" }), anAlertEntry({ id: "held-for-index" })] as const;
      const entries = [
        { ...held[0], held: forItself },
        { ...held[1], held: forIndex },
      ] as const;
      await store.write(anImageRecord(), "new", { outbox: [...entries, anSbomEntry()] });

      expect(await store.pendingOutbox(10)).toEqual([anSbomEntry()]);
      expect(await store.pendingOutbox(10, held[0].image)).toEqual([anSbomEntry()]);
      expect(await store.heldOutbox(10)).toEqual(entries);
      expect(await store.heldOutbox(1)).toEqual(entries.slice(0, 1));
      expect(await store.heldOutbox(10, held[0].image)).toEqual(entries);
      expect(await store.heldOutbox(10, "another-image")).toEqual([]);
      await store.removeOutbox(held);
      expect(await store.heldOutbox(10)).toEqual([]);
    });

    it("replaces entries with the record: held for another, or held no more", async () => {
      const [first, second] = [anAlertEntry({ id: "first" }), anAlertEntry({ id: "second" })];
      const record = anImageRecord();
      const outbox = [first, second].map((entry) => ({ ...entry, held: forItself }));
      const written = await store.write(record, "new", { outbox });
      const etag = written.kind === "written" ? written.etag : "new";

      const replaced = await store.write(record, etag, { replaced: [first, { ...second, held: forIndex }] });

      expect(replaced.kind).toBe("written");
      expect(await store.pendingOutbox(10)).toEqual([first]);
      expect(await store.heldOutbox(10)).toEqual([{ ...second, held: forIndex }]);
    });

    it("replaces none when the record has changed, or when one of them is not there any more", async () => {
      const entry = { ...anAlertEntry(), held: forItself };
      const record = anImageRecord();
      const written = await store.write(record, "new", { outbox: [entry] });
      const etag = written.kind === "written" ? written.etag : "new";
      const next = { ...record, tags: [] };

      const outdated = await store.write(next, '"outdated"', { replaced: [anAlertEntry()] });
      const absent = await store.write(next, etag, { replaced: [anAlertEntry(), anAlertEntry({ id: "absent" })] });

      expect([outdated, absent]).toEqual([{ kind: "conflict" }, { kind: "conflict" }]);
      expect(await store.heldOutbox(10)).toEqual([entry]);
      expect(await store.pendingOutbox(10)).toEqual([]);
      expect((await store.read(record.id))?.value).toEqual(record);
    });

    it("removes more entries at once than fit into one batch", async () => {
      const images = Array.from({ length: 3 }, (_, index) => anImage({ repository: `team-${index}` }));
      for (const image of images)
        await store.write(anImageRecord({ image }), "new", {
          outbox: Array.from({ length: 90 }, (_, index) => anSbomEntry({ image, id: `entry-${index}` })),
        });

      await store.removeOutbox(await store.pendingOutbox(1_000));

      expect(await store.pendingOutbox(1)).toEqual([]);
    });
  });
}

const forItself = { kind: "forItself" } as const;

const forIndex = { kind: "forIndex", index: aDigest("an index") } as const;
