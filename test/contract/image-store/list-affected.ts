import { describe, expect, it } from "vitest";

import type { ImageRecord } from "../../../shared/domain/image-record.ts";
import type { TrackedFinding } from "../../../shared/domain/tracked-finding.ts";
import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { anImage, anImageRecord, aScanSummary, aTrackedFinding, manyFindings, tracked } from "../../support/samples.ts";
import { allPages } from "./all-pages.ts";
import { everyState } from "./every-state.ts";
import { fleet } from "./fleet.ts";

export function listAffectedContract(store: ImageStore): void {
  describe("listAffected", () => {
    it("gives each image with its findings of that id or alias, in any letter case", async () => {
      const ghsa = aTrackedFinding({ vulnerabilityId: "GHSA-abcd-efgh-ijkm", aliases: ["CVE-2026-1001"] });
      const other = aTrackedFinding({ vulnerabilityId: "CVE-2026-2", aliases: [] });
      await saveScan(store, fleet[0], [aTrackedFinding(), other, ghsa]);
      await saveScan(store, fleet[1], [other]);
      await saveScan(store, fleet[2], [ghsa]);

      const byCve = await store.listAffected("cve-2026-1001", { limit: 10 });
      const byGhsa = await store.listAffected("ghsa-ABCD-efgh-ijkm", { limit: 10 });

      expect(byCve).toEqual({
        items: [
          { image: fleet[0], findings: [aTrackedFinding(), ghsa] },
          { image: fleet[2], findings: [ghsa] },
        ],
      });
      expect(byGhsa.items.map(({ findings }) => findings)).toEqual([[ghsa], [ghsa]]);
    });

    it("has findings in the order of the scan, from whichever chunk they come", async () => {
      const findings = tracked(manyFindings(3_000, { vulnerabilityId: "CVE-2026-1" }));
      await saveScan(store, fleet[0], findings);

      const { items } = await store.listAffected("CVE-2026-1", { limit: 10 });

      expect(items).toEqual([{ image: fleet[0], findings }]);
    });

    it("is sorted by registry, repository and digest, page by page", async () => {
      for (const record of [fleet[2], fleet[0], fleet[1]]) await saveScan(store, record, [aTrackedFinding()]);

      const images = await allPages(async (page) => store.listAffected("CVE-2026-1001", page), 1);

      expect(images.map(({ image }) => image)).toEqual([fleet[0], fleet[1], fleet[2]]);
    });

    it("shows only the set that holds, as soon as the record points at it", async () => {
      const record = anImageRecord();
      await saveScan(store, record, [aTrackedFinding()]);
      const etag = (await store.read(record.id))?.etag ?? '""';

      const newer = { ...record, scan: aScanSummary({ id: "newer" }) };
      await store.saveFindings(record.id, "newer", [aTrackedFinding({ vulnerabilityId: "CVE-2026-2" })]);
      const before = await affectedBy(store, ["CVE-2026-1001", "CVE-2026-2"]);
      await store.write(newer, etag);
      const after = await affectedBy(store, ["CVE-2026-1001", "CVE-2026-2"]);

      expect([before, after]).toEqual([["CVE-2026-1001"], ["CVE-2026-2"]]);
    });

    it("leaves out images that are gone or cannot be judged any more, and those only", async () => {
      for (const state of everyState) {
        const image = anImage({ repository: state.kind });
        await saveScan(store, anImageRecord({ image, scan: aScanSummary({ image }), state }), [aTrackedFinding()]);
      }

      const { items } = await store.listAffected("CVE-2026-1001", { limit: 10 });

      const listed = ["expanded", "failed", "scanned", "scanning", "waiting"];
      expect(items.map(({ image }) => image.state.kind)).toEqual(listed);
    });

    it("leaves out findings that have ended, and keeps those that are exempted", async () => {
      const ended = { kind: "resolved", at: new Date(2_000), lastSeenAt: new Date(1_000) } as const;
      const exempted = aTrackedFinding({ exemption: { id: "accepted", since: new Date(1_000) } });
      await saveScan(store, fleet[0], [aTrackedFinding({ ended, aliases: [] }), exempted]);
      await saveScan(store, fleet[1], [aTrackedFinding({ ended })]);

      const { items } = await store.listAffected("CVE-2026-1001", { limit: 10 });

      expect(items).toEqual([{ image: fleet[0], findings: [exempted] }]);
    });

    it("knows no image of a vulnerability that was never found", async () => {
      expect(await store.listAffected("CVE-1999-0001", { limit: 10 })).toEqual({ items: [] });
    });
  });
}

async function saveScan(store: ImageStore, record: ImageRecord, findings: readonly TrackedFinding[]): Promise<void> {
  await store.saveFindings(record.id, record.scan?.findings ?? "", findings);
  await store.write(record, "new");
}

async function affectedBy(store: ImageStore, ids: readonly string[]): Promise<readonly string[]> {
  const pages = await Promise.all(ids.map(async (id) => store.listAffected(id, { limit: 10 })));
  return ids.filter((_, index) => pages[index]?.items.length === 1);
}
