import { describe, expect, it } from "vitest";

import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { anAlertEntry, anImage, anImageRecord, anSbomEntry } from "../../support/samples.ts";

export function outboxContract(store: ImageStore): void {
  describe("the outbox", () => {
    it("gives back entries as they were written with their record", async () => {
      const entries = [anAlertEntry(), anSbomEntry()];

      await store.write(anImageRecord(), "new", entries);

      expect(await store.pendingOutbox(10)).toEqual(entries);
    });

    it("gets nothing from a write that was refused", async () => {
      await store.write(anImageRecord(), "new");

      await store.write(anImageRecord(), "new", [anAlertEntry()]);

      expect(await store.pendingOutbox(10)).toEqual([]);
    });

    it("leaves an entry as it is whose id comes a second time", async () => {
      const record = anImageRecord();
      await store.write(record, "new", [anAlertEntry()]);
      const etag = (await store.read(record.id))?.etag ?? '""';

      const again = await store.write(record, etag, [anAlertEntry({ createdAt: new Date(0) }), anSbomEntry()]);

      expect(again.kind).toBe("written");
      expect(await store.pendingOutbox(10)).toEqual([anAlertEntry(), anSbomEntry()]);
    });

    it("gives the oldest entries first, of all images or of one", async () => {
      const images = ["a", "b"].map((repository) => anImage({ repository }));
      for (const image of images)
        await store.write(
          anImageRecord({ image }),
          "new",
          [3, 1, 2].map((second) =>
            anSbomEntry({ image, id: `${image.repository}${second}`, createdAt: new Date(second * 1000) }),
          ),
        );

      const all = await store.pendingOutbox(4);
      const ofOne = await store.pendingOutbox(10, anImageRecord({ image: anImage({ repository: "b" }) }).id);

      expect(all.map(({ id }) => id.slice(1))).toEqual(["1", "1", "2", "2"]);
      expect(ofOne.map(({ id }) => id)).toEqual(["b1", "b2", "b3"]);
    });

    it("removes entries, and has removed those that are not there", async () => {
      const entries = [anAlertEntry(), anSbomEntry()];
      await store.write(anImageRecord(), "new", entries);

      await store.removeOutbox(entries.slice(0, 1));
      await store.removeOutbox(entries.slice(0, 1));
      await store.removeOutbox([]);

      expect(await store.pendingOutbox(10)).toEqual(entries.slice(1));
    });

    it("removes more entries at once than fit into one batch", async () => {
      const images = Array.from({ length: 3 }, (_, index) => anImage({ repository: `team-${index}` }));
      for (const image of images)
        await store.write(
          anImageRecord({ image }),
          "new",
          Array.from({ length: 90 }, (_, index) => anSbomEntry({ image, id: `entry-${index}` })),
        );

      await store.removeOutbox(await store.pendingOutbox(1_000));

      expect(await store.pendingOutbox(1)).toEqual([]);
    });
  });
}
