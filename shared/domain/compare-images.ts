import type { Finding } from "./finding.ts";
import { highestSeverity, type Severity } from "./severity.ts";

/** What differs between two images, as between what a tag named yesterday and what it names today. */
export interface ImageComparison {
  /** Flaws that only the newer image has. */
  readonly introduced: readonly Finding[];
  /** Flaws that only the older image has. */
  readonly fixed: readonly Finding[];
  /** Flaws that both have, with another severity: as they are in the newer one. */
  readonly changed: readonly { readonly finding: Finding; readonly previousSeverity: Severity }[];
  /** How many flaws both have, changed ones among them. */
  readonly persisting: number;
}

/**
 * A flaw is a vulnerability in a package at a place: whoever upgrades a package and keeps the flaw has fixed nothing. So
 * versions and architectures do not matter; where an image has a package twice at one place, the more severe counts.
 * @param older what is open in the older image
 * @param newer what is open in the newer image
 */
export function compareImages(older: readonly Finding[], newer: readonly Finding[]): ImageComparison {
  const before = Map.groupBy(older, flaw);
  const after = Map.groupBy(newer, flaw);
  const persisting = [...after].flatMap(([key, now]) => {
    const was = before.get(key);
    return was === undefined ? [] : [{ was, now }];
  });
  return {
    introduced: newer.filter((finding) => !before.has(flaw(finding))),
    fixed: older.filter((finding) => !after.has(flaw(finding))),
    changed: persisting.flatMap(({ was, now }) => {
      const previousSeverity = highest(was);
      const severity = highest(now);
      const finding = now.find((one) => one.severity === severity);
      return finding === undefined || previousSeverity === undefined || previousSeverity === severity
        ? []
        : [{ finding, previousSeverity }];
    }),
    persisting: persisting.length,
  };
}

/** Paths of some languages name the version: site-packages/idna-3.6.dist-info/METADATA, lib/app-1.2.jar. */
function flaw({ vulnerabilityId, package: { type, name, installedVersion, path } }: Finding): string {
  return JSON.stringify([vulnerabilityId, type, name, path?.replaceAll(installedVersion, "*")]);
}

function highest(findings: readonly Finding[]): Severity | undefined {
  return highestSeverity(findings.map(({ severity }) => severity));
}
