import { describe, expect, it } from "vitest";

import type { ImageRecord } from "../../../shared/domain/image-record.ts";
import { parseRegistryHost, parseRepository, parseTag } from "../../../shared/domain/image-reference.ts";
import { InvalidCursorError, type ImageStore } from "../../../shared/ports/image-store.ts";
import { aDigest, aTrackedFinding, anImage, anImageRecord } from "../../support/samples.ts";
import { allPages } from "./all-pages.ts";
import { describeImage, fleet } from "./fleet.ts";

export function listContract(store: ImageStore): void {
  describe("list", () => {
    it("is empty at first", async () => {
      expect(await store.list({}, { limit: 10 })).toEqual({ items: [] });
    });

    it("is sorted by registry, repository and digest, whatever the page size", async () => {
      const records = ["b.io", "a.io"].flatMap((registry) =>
        ["web", "api", "api/v2"].flatMap((repository) =>
          ["1", "2"].map((text) => anImageRecord({ image: anImage({ registry, repository, digest: aDigest(text) }) })),
        ),
      );
      for (const record of records) await store.write(record, "new");
      const sorted = records.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

      for (const limit of [1, 5, 12, 500])
        expect(await allPages(async (page) => store.list({}, page), limit)).toEqual(sorted);
    });

    it("gives no next page when the last item just fits", async () => {
      await store.write(anImageRecord(), "new");

      expect(await store.list({}, { limit: 1 })).toEqual({ items: [anImageRecord()] });
    });

    it.each([
      [{ registry: parseRegistryHost("b.io") }, ["b.io/web high", "b.io/zap none"]],
      [{ repository: parseRepository("web") }, ["a.io/web low", "b.io/web high"]],
      [{ registry: parseRegistryHost("a.io"), repository: parseRepository("web") }, ["a.io/web low"]],
      [{ tag: parseTag("latest") }, ["a.io/web low", "b.io/web high"]],
      [{ tag: parseTag("latest"), registry: parseRegistryHost("b.io") }, ["b.io/web high"]],
      [{ state: "gone" as const }, ["b.io/zap none"]],
      [{ state: "scanned" as const, registry: parseRegistryHost("a.io") }, ["a.io/api critical", "a.io/web low"]],
      [{ severity: "high" as const }, ["a.io/api critical", "b.io/web high"]],
      [{ severity: "unknown" as const }, ["a.io/api critical", "a.io/web low", "b.io/web high"]],
      [
        { severity: "low" as const, tag: parseTag("latest"), state: "scanned" as const },
        ["a.io/web low", "b.io/web high"],
      ],
      [{ tag: parseTag("lat") }, []],
    ])("shows only what matches %j", async (filter, expected) => {
      for (const record of fleet) await store.write(record, "new");

      for (const limit of [1, 500]) {
        const images = await allPages(async (page) => store.list(filter, page), limit);
        expect(images.map(describeImage)).toEqual(expected);
      }
    });

    it("follows a record that loses a tag, wins another and changes its state", async () => {
      const record = anImageRecord({ tags: [parseTag("old"), parseTag("kept")] });
      await store.write(record, "new");
      const etag = (await store.read(record.id))?.etag ?? '""';

      const state = { kind: "gone", since: new Date(0) } as const;
      await store.write({ ...record, state, tags: [parseTag("kept"), parseTag("new")] }, etag);

      const counts = await Promise.all(
        [
          { tag: parseTag("old") },
          { tag: parseTag("kept") },
          { tag: parseTag("new") },
          { state: "scanned" as const },
          { state: "gone" as const },
        ].map(async (filter) => (await store.list(filter, { limit: 10 })).items.length),
      );
      expect(counts).toEqual([0, 1, 1, 0, 1]);
    });

    it.each(["", "garbage", "e30", "bnVsbA", "%%%"])("refuses the cursor %j", async (cursor) => {
      const page = { limit: 10, cursor };

      await expect(store.list({}, page)).rejects.toThrow(InvalidCursorError);
      await store.saveFindings(anImageRecord().id, "scan", [aTrackedFinding()]);
      await expect(store.listAffected("CVE-2026-1001", page)).rejects.toThrow(InvalidCursorError);
      await expect(store.listDue({ usedSince: new Date(0), checkedUntil: new Date() }, page)).rejects.toThrow(
        InvalidCursorError,
      );
    });

    it.each([0, 501, 1.5, Number.NaN])("refuses a page of %d", async (limit) => {
      await expect(store.list({}, { limit })).rejects.toThrow(RangeError);
      await expect(store.listAffected("CVE-2026-1001", { limit })).rejects.toThrow(RangeError);
    });
  });
}

function nameOf({ image: { registry, repository, digest } }: ImageRecord): string {
  // A space sorts before everything that a name can hold.
  return [registry, repository, digest].join(" ");
}
