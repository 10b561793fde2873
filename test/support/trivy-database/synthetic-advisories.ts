import type { Advisory } from "./advisory.ts";

/**
 * Made-up advisories for measurements: number i, CVE-2099-(100000 + i), says that {@link syntheticPackageName}(i) is
 * vulnerable before 2.0.0, both as a source package of Debian 12 and on npm. Severities alternate.
 */
export function syntheticAdvisories(count: number): readonly Advisory[] {
  return Array.from({ length: count }, (_, index) => syntheticAdvisory(index));
}

export function syntheticPackageName(index: number): string {
  return `package-${index.toString().padStart(6, "0")}`;
}

const SCORES = [
  { severity: "low", v3Score: 3.1 },
  { severity: "medium", v3Score: 5.3 },
  { severity: "high", v3Score: 7.5 },
  { severity: "critical", v3Score: 9.8 },
] as const;

function syntheticAdvisory(index: number): Advisory {
  const name = syntheticPackageName(index);
  const id = `CVE-2099-${100_000 + index}`;
  const { severity, v3Score } = SCORES[index % SCORES.length] ?? SCORES[0];
  return {
    id,
    title: `${name}: made up for a measurement`,
    description: `No such vulnerability exists. ${"It is about as long as a real description. ".repeat(10)}`,
    severities: { nvd: severity },
    cvss: { nvd: { v3Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", v3Score } },
    weaknesses: ["CWE-20"],
    references: [`https://example.com/${id}`],
    publishedAt: new Date("2026-01-01T00:00:00Z"),
    lastModifiedAt: new Date("2026-01-02T00:00:00Z"),
    affected: [
      { ecosystem: "debian 12", package: name, fixedVersion: "2.0.0" },
      { ecosystem: "npm", package: name, vulnerableVersions: ["<2.0.0"], patchedVersions: ["2.0.0"], vendorIds: [] },
    ],
  };
}
