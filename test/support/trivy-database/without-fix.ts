import type { Advisory, AffectedPackage } from "./advisory.ts";

/**
 * The same advisory on the day before there was a fix: publish a database with this one and then one with the advisory
 * itself, and a fix becomes available. Rocky is left out, since its errata are the fixes.
 */
export function withoutFix(advisory: Advisory): Advisory {
  return { ...advisory, affected: advisory.affected.flatMap(unfixed) };
}

function unfixed(affected: AffectedPackage): readonly AffectedPackage[] {
  if ("architectures" in affected) return [];
  if ("vulnerableVersions" in affected) return [{ ...affected, vulnerableVersions: [">=0"], patchedVersions: [] }];
  const { ecosystem, package: name, severity } = affected;
  return [{ ecosystem, package: name, status: "affected", ...(severity === undefined ? {} : { severity }) }];
}
