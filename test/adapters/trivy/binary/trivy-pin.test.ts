import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pinnedTrivy } from "../../../../shared/adapters/trivy/binary/trivy-pin.ts";

describe("the pinned Trivy", () => {
  it("is the same version in the release address, in the archives and in go.mod and go.sum", async () => {
    const { version, releaseUrl, archives, goModule } = pinnedTrivy;

    const goMod = await readFile(join(goModule, "go.mod"), "utf8");
    const goSum = await readFile(join(goModule, "go.sum"), "utf8");

    expect(releaseUrl).toBe(`https://github.com/aquasecurity/trivy/releases/download/v${version}`);
    for (const { file } of Object.values(archives)) expect(file).toContain(`trivy_${version}_`);
    expect(goMod).toContain(`github.com/aquasecurity/trivy v${version}`);
    expect(goSum).toContain(`github.com/aquasecurity/trivy v${version} h1:`);
  });

  it("has one archive with its own digest for each platform", () => {
    const { archives } = pinnedTrivy;

    const digests = Object.values(archives).map(({ sha256 }) => sha256);

    expect(Object.keys(archives)).toEqual(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);
    expect(new Set(digests).size).toBe(4);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
});
