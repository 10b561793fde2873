import fc from "fast-check";
import { expect, it } from "vitest";
import { compareImages } from "../../shared/domain/compare-images.ts";
import type { Finding, VulnerablePackage } from "../../shared/domain/finding.ts";
import { severities } from "../../shared/domain/severity.ts";
import { aFinding } from "../support/samples.ts";

it("tells what the newer image brought, what it mended, and what became worse", () => {
  const [stays, mended, worse] = [flaw(1), flaw(2), flaw(3, { severity: "low" })];
  const brought = flaw(4);
  const worseNow = flaw(3, { severity: "critical" });

  const comparison = compareImages([stays, mended, worse], [brought, worseNow, stays]);

  expect(comparison).toEqual({
    introduced: [brought],
    fixed: [mended],
    changed: [{ finding: worseNow, previousSeverity: "low" }],
    persisting: 2,
  });
});

it.each<[string, Partial<VulnerablePackage>, Partial<VulnerablePackage>]>([
  ["an upgrade that does not mend it", { installedVersion: "1.1" }, { installedVersion: "1.2" }],
  ["another architecture", { purl: "pkg:deb/a@1?arch=amd64" }, { purl: "pkg:deb/a@1?arch=arm64" }],
  [
    "an upgrade of a package whose path names the version",
    { installedVersion: "3.6", path: "site-packages/idna-3.6.dist-info/METADATA" },
    { installedVersion: "3.7", path: "site-packages/idna-3.7.dist-info/METADATA" },
  ],
])("is the same flaw after %s", (_, before, after) => {
  const { introduced, fixed, persisting } = compareImages([inPackage(before)], [inPackage(after)]);

  expect({ introduced, fixed, persisting }).toEqual({ introduced: [], fixed: [], persisting: 1 });
});

it.each<[string, Partial<VulnerablePackage>]>([
  ["place", { path: "opt/other/package.json" }],
  ["kind of package", { type: "jar" }],
  ["package", { name: "other" }],
])("is another flaw in another %s", (_, other) => {
  const { introduced, fixed } = compareImages([inPackage({})], [inPackage(other)]);

  expect([introduced.length, fixed.length]).toEqual([1, 1]);
});

it("is mirrored when the images are exchanged, and quiet about an image and itself", () => {
  const sets = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom(...severities)), {
      selector: ([number]) => number,
    })
    .map((flaws) => flaws.map(([number, severity]) => flaw(number, { severity })));

  fc.assert(
    fc.property(sets, sets, (one, other) => {
      const forth = compareImages(one, other);
      const back = compareImages(other, one);

      expect(forth.introduced).toEqual(back.fixed);
      expect(forth.fixed).toEqual(back.introduced);
      expect(forth.persisting + forth.introduced.length).toBe(other.length);
      expect(forth.changed).toHaveLength(back.changed.length);
      expect(compareImages(one, one)).toEqual({ introduced: [], fixed: [], changed: [], persisting: one.length });
    }),
  );
});

function flaw(number: number, changes: Partial<Finding> = {}): Finding {
  return aFinding({ vulnerabilityId: `CVE-2026-${number}`, ...changes });
}

function inPackage(changes: Partial<VulnerablePackage>): Finding {
  return aFinding({ package: { name: "a", type: "node-pkg", installedVersion: "1", ...changes } });
}
