import { describe, expect, it } from "vitest";
import { findingStatuses } from "../../shared/domain/finding.ts";
import { describeRemediation } from "../../shared/domain/remediation.ts";

const openssl = { package: { name: "openssl", installedVersion: "3.0.11" } };

describe("describeRemediation", () => {
  it("names the version to upgrade to", () => {
    expect(describeRemediation({ ...openssl, fixedVersion: "3.0.13", status: "fixed" })).toBe(
      "Upgrade openssl 3.0.11 to 3.0.13.",
    );
  });

  it("names each release line that was mended", () => {
    expect(describeRemediation({ ...openssl, fixedVersion: "1.1.2, 2.0.5,3.0.0", status: "fixed" })).toBe(
      "Upgrade openssl 3.0.11 to 1.1.2 or 2.0.5 or 3.0.0.",
    );
  });

  it.each(findingStatuses)("says that there is no fix, and what else to do, when the status is %s", (status) => {
    for (const fixedVersion of [undefined, "", " , "])
      expect(describeRemediation({ ...openssl, fixedVersion, status })).toMatch(
        /^openssl 3\.0\.11 has no fixed version: .+\.$/,
      );
  });

  it("tells apart a publisher that will not mend it, one that will later, and one that no longer looks", () => {
    const texts = (["will_not_fix", "fix_deferred", "end_of_life", "under_investigation", "not_affected"] as const).map(
      (status) => describeRemediation({ ...openssl, status }),
    );

    expect(new Set(texts).size).toBe(5);
  });
});
