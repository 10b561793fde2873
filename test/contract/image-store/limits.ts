import { describe, expect, it } from "vitest";

import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { anImage, anImageRecord, anSbomEntry } from "../../support/samples.ts";

export function limitsContract(store: ImageStore): void {
  describe("limits", () => {
    it("refuses more than 100 documents in one write, and writes none of them", async () => {
      const entries = Array.from({ length: 100 }, (_, index) => anSbomEntry({ id: `entry-${index}` }));

      await expect(store.write(anImageRecord(), "new", { outbox: entries })).rejects.toThrow("100 are allowed");

      expect(await store.read(anImageRecord().id)).toBeUndefined();
      await store.write(anImageRecord(), "new", { outbox: entries.slice(0, 99) });
    });

    it("refuses a record of more than 2 MB", async () => {
      const record = anImageRecord({ mediaType: "x".repeat(2_000_000) });

      await expect(store.write(record, "new")).rejects.toThrow("larger than 2000000 bytes");
    });

    it("refuses an outbox entry of another image", async () => {
      const stray = anSbomEntry({ image: anImage({ repository: "other" }) });

      await expect(store.write(anImageRecord(), "new", { outbox: [stray] })).rejects.toThrow("and not about");
    });

    it.each(["", "a/b", "a\\b", "a?b", "a#b", "x".repeat(256)])("refuses the outbox entry id %j", async (id) => {
      await expect(store.write(anImageRecord(), "new", { outbox: [anSbomEntry({ id })] })).rejects.toThrow(
        "cannot name",
      );
    });
  });
}
