import { foundation } from "../../fixtures/advisories/foundation.ts";
import type { DpkgPackage } from "../../support/images/packages/dpkg.ts";
import type { NpmPackage } from "../../support/images/packages/npm.ts";
import type { PipPackage } from "../../support/images/packages/pip.ts";
import * as samples from "../../support/images/sample-packages.ts";
import type { Advisory } from "../../support/trivy-database/advisory.ts";
import { syntheticAdvisories, syntheticPackageName } from "../../support/trivy-database/synthetic-advisories.ts";

/** What a Debian 12 root with Node.js and Python has, by numbers: 90 packages of Debian, 200 of npm, 30 of pip. */
export const DEBIAN_PACKAGES: readonly DpkgPackage[] = [
  ...samples.DEBIAN_PACKAGES,
  ...numbered(83, (name) => ({ name, version: "1.4.2-1+deb12u1" })),
];

/** Half of them are vulnerable. */
export const NPM_PACKAGES: readonly NpmPackage[] = [
  ...samples.NPM_PACKAGES,
  ...numbered(197, (name, index) => ({ name, version: index % 2 === 0 ? "1.9.3" : "3.0.1" })),
];

export const PIP_PACKAGES: readonly PipPackage[] = [
  ...samples.PIP_PACKAGES,
  ...numbered(28, (name) => ({ name: `python-${name}`, version: "2.31.0" })),
];

/** Some 190 of them are about the packages above, the others about none. */
export function benchAdvisories(): readonly Advisory[] {
  return [...foundation, ...syntheticAdvisories(20_000)];
}

function numbered<Package>(count: number, make: (name: string, index: number) => Package): readonly Package[] {
  return Array.from({ length: count }, (_, index) => make(syntheticPackageName(index), index));
}
