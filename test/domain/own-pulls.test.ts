import { describe, expect, it } from "vitest";
import { isScannerPull } from "../../shared/domain/own-pulls.ts";

describe("isScannerPull", () => {
  it.each([
    ["Defender for Containers", { userAgent: "MDCContainersSecurity/1.0" }],
    ["ourselves", { userAgent: "tidewatch/0.1.0" }],
    ["Trivy", { userAgent: "trivy/0.74.0" }],
    ["an identity that the settings name", { identity: "scanner@shop", userAgent: "containerd/2.1" }],
  ])("knows %s", (_, puller) => {
    expect(isScannerPull(puller, ["scanner@shop"])).toBe(true);
  });

  it.each([
    ["a cluster", { identity: "kubelet", userAgent: "containerd/2.1" }],
    ["a person who is called like a scanner in part", { identity: "scanner@shop.example" }],
    ["a user agent that only ends like one", { userAgent: "evil MDCContainersSecurity/1.0" }],
    ["someone of whom nothing is known", {}],
    ["someone whose name is empty", { identity: "", userAgent: "" }],
  ])("takes %s for use", (_, puller) => {
    expect(isScannerPull(puller, ["scanner@shop"])).toBe(false);
  });
});
