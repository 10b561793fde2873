import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { resolveSettings } from "../../../../shared/hosts/embedded/functions/app-settings.ts";
import { parseHostSettings } from "../../../../shared/hosts/embedded/functions/host-settings.ts";
import { parseTimeSpan } from "../../../../shared/hosts/embedded/functions/time-span.ts";

describe("host.json", () => {
  it("of this project is understood", async () => {
    const hostJson: unknown = JSON.parse(await readFile("host.json", "utf8"));

    expect(parseHostSettings(hostJson)).toMatchObject({ routePrefix: "api" });
  });

  it("may say little", () => {
    expect(parseHostSettings({ version: "2.0" })).toEqual({
      functionTimeoutMs: 1_800_000,
      routePrefix: "api",
      maxOutstandingRequests: 200,
      customHeaders: {},
      logLevel: "info",
      maxConcurrentCalls: 16,
      maxAutoLockRenewalMs: 300_000,
      maxMessageBatchSize: 1000,
    });
  });

  it("may lift limits with -1", () => {
    const settings = parseHostSettings({
      version: "2.0",
      functionTimeout: "-1",
      extensions: { http: { maxOutstandingRequests: -1 } },
    });

    expect(settings).toMatchObject({ functionTimeoutMs: undefined, maxOutstandingRequests: Infinity });
  });
});

it.each([
  ["00:00:01", 1000],
  ["1.02:03:04.5", 93_784_500],
  ["24:00:00", undefined],
  ["00:60:00", undefined],
  ["5", undefined],
])("the time span %s has %j milliseconds", (text, expected) => {
  expect(parseTimeSpan(text)).toBe(expected);
});

describe("app settings", () => {
  it("replace their names between percent signs", () => {
    expect(resolveSettings("a-%One%-%Two.X%", { One: "1", "Two.X": "2" })).toBe("a-1-2");
  });

  it("that are missing are named", () => {
    expect(() => resolveSettings("%One%", {})).toThrow('"%One%" needs the app setting One, which is not set.');
  });
});
