import { describe, expect, it } from "vitest";
import { scanArguments } from "../../../shared/adapters/trivy/trivy-arguments.ts";
import { aDigest, anImage } from "../../support/samples.ts";

const FILES = { cacheDirectory: "/cache", reportFile: "/report.json" };

describe("the arguments of a scan", () => {
  it("name the image by digest, behind everything that could be a flag", () => {
    const args = scanArguments(anImage(), FILES, { plainHttp: false });

    expect(args.slice(-2)).toEqual(["--", `shop.azurecr.io/team/web@${aDigest()}`]);
    expect(args).not.toContain("--insecure");
  });

  it("allow plain http only where it is spoken", () => {
    expect(scanArguments(anImage(), FILES, { plainHttp: true })).toContain("--insecure");
  });

  it.each([
    ["registry", false, "registry:443/team/web@"],
    ["registry", true, "registry:80/team/web@"],
    ["registry:5000", true, "registry:5000/team/web@"],
    ["localhost", true, "localhost/team/web@"],
  ])("never let Trivy take the host %s for a part of a repository on Docker Hub", (registry, plainHttp, expected) => {
    const args = scanArguments(anImage({ registry }), FILES, { plainHttp });

    expect(args.at(-1)).toBe(`${expected}${aDigest()}`);
  });
});
