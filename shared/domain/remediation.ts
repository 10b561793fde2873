import type { FindingStatus } from "./finding.ts";

/** What a person can do about a finding, as one sentence: "Upgrade openssl 3.0.11-1~deb12u2 to 3.0.13-1~deb12u1." */
export function describeRemediation(finding: {
  readonly package: { readonly name: string; readonly installedVersion: string };
  readonly fixedVersion?: string | undefined;
  readonly status: FindingStatus;
}): string {
  const { name, installedVersion } = finding.package;
  const fixedIn = upgrades(installedVersion, finding.fixedVersion ?? "");
  if (fixedIn.length > 0) return `Upgrade ${name} ${installedVersion} to ${fixedIn.join(" or ")}.`;
  return `${name} ${installedVersion} has no fixed version: ${withoutFix(finding.status)}`;
}

/**
 * Publishers list a fixed version per release line, older lines too: of "0.2.4, 1.2.6" only 1.2.6 is an upgrade from
 * 1.2.5. All are kept when the leading numbers do not tell.
 */
function upgrades(installed: string, fixedVersions: string): readonly string[] {
  const all = fixedVersions.split(",").flatMap((version) => version.trim() || []);
  const newer = all.filter((version) => compareNumbers(version, installed) >= 0);
  return newer.length > 0 ? newer.toSorted(compareNumbers) : all;
}

/** By the numbers that both begin with; what follows them (release tags, epochs' packages) counts as equal. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [leadingNumbers(a), leadingNumbers(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function leadingNumbers(version: string): readonly number[] {
  const text = /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1];
  return text === undefined ? [] : text.split(".").map(Number);
}

function withoutFix(status: FindingStatus): string {
  switch (status) {
    case "will_not_fix":
      return "its publisher will not fix this. Remove the package or move to a release that is fixed.";
    case "fix_deferred":
      return "its publisher has put the fix off. Remove the package if it is not needed.";
    case "end_of_life":
      return "its release is out of support. Move to a supported release.";
    case "under_investigation":
      return "its publisher is still investigating.";
    case "not_affected":
      return "its publisher says that it is not affected.";
    case "unknown":
    case "affected":
    case "fixed":
      return "none is published yet. Remove the package if it is not needed.";
  }
}
