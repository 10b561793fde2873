import { describe, expect, it } from "vitest";

import type { FindingChange } from "../../../shared/domain/finding-changes.ts";
import type { HistoryEntry } from "../../../shared/domain/history-entry.ts";
import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { aFinding, aHistoryEntry, anImage, anImageRecord, anSbomEntry, manyFindings } from "../../support/samples.ts";
import { allPages } from "./all-pages.ts";

export function historyContract(store: ImageStore): void {
  describe("the history", () => {
    const record = anImageRecord();
    const { id: image } = record;

    it.each(everyCause)("gives back an entry as it was written with its record, caused by $kind", async (cause) => {
      const entry = aHistoryEntry({ cause, changes: { opened: 2, exemptionEnded: 1 }, exempted: 3 });

      await store.write(record, "new", { history: entry });

      expect(await store.listHistory(image, { limit: 10 })).toEqual({ items: [entry] });
    });

    it("gets nothing from a write that was refused: not the record, not the entry, not the outbox", async () => {
      const first = await store.write(record, "new");
      const outdated = first.kind === "written" ? first.etag : '""';
      await store.write(record, outdated);

      const late = await store.write({ ...record, tags: [] }, outdated, {
        history: aHistoryEntry(),
        outbox: [anSbomEntry()],
      });

      expect(late).toEqual({ kind: "conflict" });
      expect((await store.read(image))?.value).toEqual(record);
      expect(await store.listHistory(image, { limit: 10 })).toEqual({ items: [] });
      expect(await store.pendingOutbox(10)).toEqual([]);
    });

    it("leaves an entry as it is whose id comes a second time", async () => {
      const entry = aHistoryEntry();
      const first = await store.write(record, "new", { history: entry });

      const etag = first.kind === "written" ? first.etag : '""';
      const again = await store.write(record, etag, { history: { ...entry, exempted: 7 } });

      expect(again.kind).toBe("written");
      expect(await store.listHistory(image, { limit: 10 })).toEqual({ items: [entry] });
    });

    it("is listed oldest first, page by page, each image by itself", async () => {
      const other = anImageRecord({ image: anImage({ repository: "other" }) });
      await store.write(other, "new", { history: aHistoryEntry({ image: other.id }) });
      const seconds = [3, 1, 5, 2, 4];
      for (const second of seconds) await append(aHistoryEntry({ id: `entry-${second}`, at: new Date(second * 1000) }));

      const entries = await allPages((page) => store.listHistory(image, page), 2);

      expect(entries.map(({ id }) => id)).toEqual(["entry-1", "entry-2", "entry-3", "entry-4", "entry-5"]);
      await expect(store.listHistory(image, { limit: 2, cursor: "elsewhere" })).rejects.toThrow("not one that");
    });

    it("refuses an entry of another image", async () => {
      const stray = aHistoryEntry({ image: "another-image" });

      await expect(store.write(record, "new", { history: stray })).rejects.toThrow("and not about");
    });

    it("counts an entry as one of the 100 documents of a write", async () => {
      const outbox = Array.from({ length: 99 }, (_, index) => anSbomEntry({ id: `entry-${index}` }));

      await expect(store.write(record, "new", { outbox, history: aHistoryEntry() })).rejects.toThrow("100 are allowed");
    });

    async function append(entry: HistoryEntry): Promise<void> {
      await store.write(record, (await store.read(image))?.etag ?? "new", { history: entry });
    }
  });

  describe("transitions", () => {
    const { id: image } = anImageRecord();

    it("come back in their order, without descriptions and references", async () => {
      const exemption = { id: "until-spring", since: new Date(1_000), until: new Date(9_000) };
      const changes: readonly FindingChange[] = [
        { kind: "opened", finding: aFinding() },
        { kind: "severityRaised", finding: aFinding(), previousSeverity: "low" },
        { kind: "exempted", finding: aFinding(), exemption },
      ];

      await store.saveTransitions(image, "entry", changes);

      const finding = { ...aFinding(), description: undefined, references: [] };
      expect(await store.readTransitions(image, "entry")).toEqual(changes.map((change) => ({ ...change, finding })));
    });

    it("are kept of 20,000 findings; saving them twice, or fewer later, leaves no others", async () => {
      await store.saveTransitions(image, "entry", opened(20_000));
      await store.saveTransitions(image, "entry", opened(20_000));
      const twice = await store.readTransitions(image, "entry");
      await store.saveTransitions(image, "entry", opened(2));

      expect(twice.map(({ finding }) => finding.id)).toEqual(opened(20_000).map(({ finding }) => finding.id));
      expect(await store.readTransitions(image, "entry")).toHaveLength(2);
    });

    it("are refused when one is larger than a document", async () => {
      const finding = aFinding({ title: "x".repeat(2_000_000) });

      await expect(store.saveTransitions(image, "entry", [{ kind: "opened", finding }])).rejects.toThrow("larger than");
    });

    it("are none of an unknown entry, and of another image", async () => {
      await store.saveTransitions("another-image", "entry", opened(1));

      expect(await store.readTransitions(image, "entry")).toEqual([]);
    });

    it("are removed as strays when their entry was never written, and kept when it was", async () => {
      const entry = aHistoryEntry();
      await store.saveTransitions(image, "stray", opened(3));
      await store.saveTransitions(image, entry.id, opened(3));
      await store.write(anImageRecord(), "new", { history: entry });

      await store.removeStrays(new Date(Date.now() + 3_600_000), 10);

      expect(await store.readTransitions(image, "stray")).toEqual([]);
      expect(await store.readTransitions(image, entry.id)).toHaveLength(3);
    });
  });
}

const everyCause = [aHistoryEntry().cause, { kind: "exemptions" }, { kind: "gone" }] as const;

function opened(count: number): readonly FindingChange[] {
  return manyFindings(count).map((finding) => ({ kind: "opened", finding }));
}
