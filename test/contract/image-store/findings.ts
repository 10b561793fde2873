import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { aTrackedFinding, anImageRecord, manyFindings, tracked } from "../../support/samples.ts";

export function findingsContract(store: ImageStore): void {
  describe("findings", () => {
    const { id: image, scan } = anImageRecord();
    const scanId = scan?.id ?? "";

    it("gives back findings as they were saved, in their order", async () => {
      const exemption = { id: "until-spring", since: new Date(1_000), until: new Date(9_000) };
      const ended = { kind: "retracted", at: new Date(5_000), lastSeenAt: new Date(4_000) } as const;
      const findings = [
        aTrackedFinding({ vulnerabilityId: "CVE-2026-9", exemption }),
        aTrackedFinding({ ended }),
        aTrackedFinding(),
        bareFinding,
      ];

      await store.saveFindings(image, scanId, findings);

      expect(await store.readFindings(image, scanId)).toEqual(findings);
    });

    it("keeps 20,000 findings of one image", async () => {
      const findings = tracked(manyFindings(20_000));

      await store.saveFindings(image, scanId, findings);

      expect(await store.readFindings(image, scanId)).toEqual(findings);
    });

    it("keeps a finding that is larger than a chunk, and refuses one that is larger than a document", async () => {
      const large = aTrackedFinding({ title: "x".repeat(1_500_000) });

      await store.saveFindings(image, scanId, [aTrackedFinding(), large, aTrackedFinding()]);

      expect(await store.readFindings(image, scanId)).toEqual([aTrackedFinding(), large, aTrackedFinding()]);
      await expect(
        store.saveFindings(image, "another-scan", [aTrackedFinding({ title: "x".repeat(2_000_000) })]),
      ).rejects.toThrow("larger than 2000000 bytes");
    });

    it("has the same after findings were saved twice, and only the later ones after fewer were saved", async () => {
      await store.saveFindings(image, scanId, tracked(manyFindings(2_000)));
      await store.saveFindings(image, scanId, tracked(manyFindings(2_000)));
      const twice = await store.readFindings(image, scanId);
      await store.saveFindings(image, scanId, tracked(manyFindings(3)));

      expect(twice).toEqual(tracked(manyFindings(2_000)));
      expect(await store.readFindings(image, scanId)).toEqual(tracked(manyFindings(3)));
    });

    it("has none of an empty set, of an unknown one, and of another image", async () => {
      await store.saveFindings(image, scanId, []);
      await store.saveFindings("another-image", "another-scan", [aTrackedFinding()]);

      expect(await store.readFindings(image, scanId)).toEqual([]);
      expect(await store.readFindings(image, "another-scan")).toEqual([]);
    });

    it("removes one set, and has removed those that are not there", async () => {
      await store.saveFindings(image, scanId, tracked(manyFindings(2_000)));
      await store.saveFindings(image, "newer", [aTrackedFinding()]);

      await store.removeFindings(image, scanId);
      await store.removeFindings(image, scanId);

      expect(await store.readFindings(image, scanId)).toEqual([]);
      expect(await store.readFindings(image, "newer")).toEqual([aTrackedFinding()]);
    });

    it("removes strays that were saved before a time, and never what a record points at", async () => {
      await store.saveFindings(image, scanId, tracked(manyFindings(3)));
      await store.saveFindings(image, "stray", tracked(manyFindings(3)));
      await store.write(anImageRecord(), "new");

      await store.removeStrays(new Date(Date.now() - 3_600_000), 10);
      const early = await store.readFindings(image, "stray");
      const removed = await store.removeStrays(new Date(Date.now() + 3_600_000), 10);

      expect(removed).toBe(1);
      expect(early).toHaveLength(3);
      expect(await store.readFindings(image, "stray")).toEqual([]);
      expect(await store.readFindings(image, scanId)).toHaveLength(3);
    });

    it("removes no more strays at once than it was told, the oldest first", async () => {
      const strays = ["first", "second", "third"];
      for (const stray of strays) {
        await store.saveFindings(image, stray, tracked(manyFindings(3)));
        await setTimeout(2);
      }
      const inAnHour = new Date(Date.now() + 3_600_000);

      const removed = [await store.removeStrays(inAnHour, 2)];
      const left = await Promise.all(strays.map((stray) => store.readFindings(image, stray)));
      removed.push(await store.removeStrays(inAnHour, 2), await store.removeStrays(inAnHour, 2));

      expect(left.map((findings) => findings.length)).toEqual([0, 0, 3]);
      expect(removed).toEqual([2, 1, 0]);
    });
  });
}

const bareFinding = {
  firstSeenAt: new Date(0),
  id: "0",
  vulnerabilityId: "TEMP-1",
  aliases: [],
  package: { name: "a", installedVersion: "1", type: "alpine" },
  severity: "unknown",
  status: "affected",
  references: [],
  remediation: "Remove it.",
} as const;
