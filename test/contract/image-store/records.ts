import { describe, expect, it } from "vitest";

import type { ImageRecord } from "../../../shared/domain/image-record.ts";
import { parseTag } from "../../../shared/domain/image-reference.ts";
import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { anImage, anImageRecord } from "../../support/samples.ts";
import { everyState } from "./every-state.ts";

export function recordsContract(store: ImageStore): void {
  describe("records", () => {
    it("gives back a record as it was written", async () => {
      const record = anImageRecord();

      await store.write(record, "new");

      expect((await store.read(record.id))?.value).toEqual(record);
    });

    it.each(everyState)("gives back a record that is $kind", async (state) => {
      const record = anImageRecord({ state });

      await store.write(record, "new");

      expect((await store.read(record.id))?.value).toEqual(record);
    });

    it("gives back a record of which nothing optional is known", async () => {
      const { id, image, firstSeenAt } = anImageRecord();
      const state = { kind: "waiting", since: firstSeenAt, reason: "discovered" } as const;
      const record: ImageRecord = { id, image, state, tags: [], indexes: [], firstSeenAt };

      await store.write(record, "new");

      expect((await store.read(id))?.value).toEqual(record);
    });

    it("knows no record that was never written", async () => {
      expect(await store.read(anImageRecord().id)).toBeUndefined();
    });

    it("replaces the record that was read", async () => {
      const record = anImageRecord();
      await store.write(record, "new");
      const etag = (await store.read(record.id))?.etag ?? '""';

      const written = await store.write({ ...record, tags: [] }, etag);

      const now = await store.read(record.id);
      expect(now?.value.tags).toEqual([]);
      expect(written).toEqual({ kind: "written", etag: now?.etag });
      expect(now?.etag).not.toBe(etag);
    });

    it("refuses a second new record, an outdated etag and one that it never gave", async () => {
      const record = anImageRecord();
      const first = await store.write(record, "new");
      const outdated = first.kind === "written" ? first.etag : '"0"';
      await store.write({ ...record, tags: [parseTag("kept")] }, outdated);
      const change = { ...record, tags: [] };

      const attempts = [
        await store.write(change, "new"),
        await store.write(change, outdated),
        await store.write(change, '"never"'),
        await store.write(anImageRecord({ image: anImage({ repository: "other" }) }), outdated),
      ];

      expect(attempts).toEqual(attempts.map(() => ({ kind: "conflict" })));
      expect((await store.read(record.id))?.value.tags).toEqual(["kept"]);
    });

    it("lets exactly one of many writers win who have read the same", async () => {
      const record = anImageRecord();
      await store.write(record, "new");
      const etag = (await store.read(record.id))?.etag ?? '""';

      const endings = await Promise.all(
        Array.from({ length: 20 }, async (_, index) =>
          store.write({ ...record, tags: [parseTag(`writer-${index}`)] }, etag),
        ),
      );

      const winners = endings.flatMap(({ kind }, index) => (kind === "written" ? [`writer-${index}`] : []));
      expect(winners).toHaveLength(1);
      expect((await store.read(record.id))?.value.tags).toEqual(winners);
    });
  });
}
