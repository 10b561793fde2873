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

    it("has nothing pending of what is published, and publishes what is not there without complaint", async () => {
      const entries = [anAlertEntry(), anSbomEntry()];
      await store.write(anImageRecord(), "new", { outbox: entries });

      await store.markPublished(entries.slice(0, 1), publishedAt);
      await store.markPublished(entries.slice(0, 1), publishedAt);
      await store.markPublished([], publishedAt);

      expect(await store.pendingOutbox(10)).toEqual(entries.slice(1));
      await store.markPublished(entries, publishedAt);
      expect(await store.pendingOutbox(10)).toEqual([]);
    });

    it("does not tell a published alert again when its id comes a second time", async () => {
      const record = anImageRecord();
      await store.write(record, "new", { outbox: [anAlertEntry()] });
      await store.markPublished([anAlertEntry()], publishedAt);

      await store.write(record, (await store.read(record.id))?.etag ?? '""', { outbox: [anAlertEntry()] });

      expect(await store.pendingOutbox(10)).toEqual([]);
    });

    it("keeps what is held for others apart, until it is deleted", async () => {
      const held = { ...anAlertEntry({ id: "held" }), heldFor: aDigest("an index") };
      await store.write(anImageRecord(), "new", { outbox: [held, anSbomEntry()] });

      expect(await store.pendingOutbox(10)).toEqual([anSbomEntry()]);
      expect(await store.heldOutbox(10)).toEqual([held]);
      expect(await store.heldOutbox(10, held.image)).toEqual([held]);
      expect(await store.heldOutbox(10, "another-image")).toEqual([]);
      await store.deleteHeld([held]);
      await store.deleteHeld([held]);
      expect(await store.heldOutbox(10)).toEqual([]);
    });

    it("publishes more entries at once than fit into one batch", async () => {
      const images = Array.from({ length: 3 }, (_, index) => anImage({ repository: `team-${index}` }));
      for (const image of images)
        await store.write(anImageRecord({ image }), "new", {
          outbox: Array.from({ length: 90 }, (_, index) => anSbomEntry({ image, id: `entry-${index}` })),
        });

      await store.markPublished(await store.pendingOutbox(1_000), publishedAt);

      expect(await store.pendingOutbox(1)).toEqual([]);
    });
  });
}

const publishedAt = new Date("2026-03-02T10:00:07.000Z");
