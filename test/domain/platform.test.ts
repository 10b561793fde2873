import { expect, it } from "vitest";
import { formatPlatform } from "../../shared/domain/platform.ts";

it.each([
  [{ os: "linux", architecture: "amd64" }, "linux/amd64"],
  [{ os: "linux", architecture: "arm64", variant: "v8" }, "linux/arm64/v8"],
])("a platform reads as registries write it: %j", (platform, text) => {
  expect(formatPlatform(platform)).toBe(text);
});
