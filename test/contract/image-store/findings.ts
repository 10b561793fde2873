import { describe, expect, it } from "vitest";

import type { ImageStore } from "../../../shared/ports/image-store.ts";
import { aFinding, anImageRecord, manyFindings } from "../../support/samples.ts";

export function findingsContract(store: ImageStore): void {
  describe("findings", () => {
    const { id: image, scan } = anImageRecord();
    const scanId = scan?.id ?? "";

    it("gives back findings as they were saved, in their order", async () => {
      const findings = [aFinding({ vulnerabilityId: "CVE-2026-9" }), aFinding(), bareFinding];

      await store.saveFindings(image, scanId, findings);

      expect(await store.readFindings(image, scanId)).toEqual(findings);
    });

    it("keeps 20,000 findings of one scan", async () => {
      const findings = manyFindings(20_000);

      await store.saveFindings(image, scanId, findings);

      expect(await store.readFindings(image, scanId)).toEqual(findings);
    });

    it("keeps a finding that is larger than a chunk, and refuses one that is larger than a document", async () => {
      const large = aFinding({ title: "x".repeat(1_500_000) });

      await store.saveFindings(image, scanId, [aFinding(), large, aFinding()]);

      expect(await store.readFindings(image, scanId)).toEqual([aFinding(), large, aFinding()]);
      await expect(
        store.saveFindings(image, "another-scan", [aFinding({ title: "x".repeat(2_000_000) })]),
      ).rejects.toThrow("larger than 2000000 bytes");
    });

    it("has the same after findings were saved twice, and only the later ones after fewer were saved", async () => {
      await store.saveFindings(image, scanId, manyFindings(2_000));
      await store.saveFindings(image, scanId, manyFindings(2_000));
      const twice = await store.readFindings(image, scanId);
      await store.saveFindings(image, scanId, manyFindings(3));

      expect(twice).toEqual(manyFindings(2_000));
      expect(await store.readFindings(image, scanId)).toEqual(manyFindings(3));
    });

    it("has none of a scan without findings, of an unknown scan, and of another image", async () => {
      await store.saveFindings(image, scanId, []);
      await store.saveFindings("another-image", "another-scan", [aFinding()]);

      expect(await store.readFindings(image, scanId)).toEqual([]);
      expect(await store.readFindings(image, "another-scan")).toEqual([]);
    });

    it("removes the findings of one scan, and has removed those that are not there", async () => {
      await store.saveFindings(image, scanId, manyFindings(2_000));
      await store.saveFindings(image, "newer", [aFinding()]);

      await store.removeFindings(image, scanId);
      await store.removeFindings(image, scanId);

      expect(await store.readFindings(image, scanId)).toEqual([]);
      expect(await store.readFindings(image, "newer")).toEqual([aFinding()]);
    });
  });
}

const bareFinding = {
  id: "0",
  vulnerabilityId: "TEMP-1",
  aliases: [],
  package: { name: "a", installedVersion: "1", type: "alpine" },
  severity: "unknown",
  status: "affected",
  references: [],
  remediation: "Remove it.",
} as const;
