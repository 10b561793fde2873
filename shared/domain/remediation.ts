import type { FindingStatus } from "./finding.ts";

/** What a person can do about a finding, as one sentence: "Upgrade openssl 3.0.11-1~deb12u2 to 3.0.13-1~deb12u1." */
export function describeRemediation(finding: {
  readonly package: { readonly name: string; readonly installedVersion: string };
  readonly fixedVersion?: string | undefined;
  readonly status: FindingStatus;
}): string {
  const { name, installedVersion } = finding.package;
  const fixedIn = (finding.fixedVersion ?? "").split(",").flatMap((version) => version.trim() || []);
  if (fixedIn.length > 0) return `Upgrade ${name} ${installedVersion} to ${fixedIn.join(" or ")}.`;
  return `${name} ${installedVersion} has no fixed version: ${withoutFix(finding.status)}`;
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
