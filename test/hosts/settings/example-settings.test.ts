import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { readSettings } from "../../../shared/hosts/settings/read-settings.ts";
import { everySetting } from "./every-setting.ts";

const directory = mkdtempSync(join(tmpdir(), "example-settings-"));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const example = readFileSync(join(import.meta.dirname, "../../../tidewatch.example.yaml"), "utf8");
/** Text has one space after the #; settings that are turned off have none, or are indented further. */
const everythingOn = example.replaceAll(/^( *)#(?=\S| {2})/gm, "$1");

describe("tidewatch.example.yaml", () => {
  it("can be used as it is, and sets only the registry to look after", () => {
    const file = write(example);

    expect(readSettings({ file, environment: {} })).toEqual(
      readSettings({ environment: { TIDEWATCH__registries__0__host: "localhost:5000" } }),
    );
  });

  it("can be used with everything in it turned on", () => {
    vi.stubEnv("SHOP_PASSWORD", "a password");
    vi.stubEnv("DESK_WEBHOOK_SECRET", `whsec_${Buffer.alloc(32).toString("base64")}`);

    const { registries, webhooks } = readSettings({ file: write(everythingOn), environment: {} });

    expect([registries.length, webhooks.length]).toEqual([2, 1]);
  });

  it.each(everySetting().map((setting) => [setting.path, setting.default]))(
    "names %s with its default",
    (path, given) => {
      const values = valuesAt(parse(everythingOn), path.replaceAll("[]", "").split("."));

      expect(values).not.toEqual([]);
      if (given !== undefined && path !== "webhooks") expect(values).toContainEqual(given);
    },
  );
});

function write(text: string): string {
  const file = join(directory, "tidewatch.yaml");
  writeFileSync(file, text);
  return file;
}

/** Of every item, where there is a list on the way. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  const holders: readonly unknown[] = Array.isArray(value) ? value : [value];
  return holders.flatMap((holder) => {
    const member: unknown = typeof holder === "object" && holder !== null ? Reflect.get(holder, name) : undefined;
    return member === undefined ? [] : valuesAt(member, rest);
  });
}
