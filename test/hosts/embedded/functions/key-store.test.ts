import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openKeyFile, type KeyName } from "../../../../shared/hosts/embedded/functions/key-store.ts";
import { temporaryDirectory } from "./start-host.ts";

type Shown = Partial<Record<KeyName, string>>;

async function open(file: string) {
  const shown: Shown[] = [];
  const keys = await openKeyFile({ file, show: (made) => void shown.push(made) });
  return { keys, shown };
}

const newFile = async () => join(await temporaryDirectory(), "state", "keys.json");

describe("the key file", () => {
  it("shows three keys of 32 random bytes when it is made, and never again", async () => {
    const file = await newFile();

    const first = await open(file);
    const second = await open(file);

    expect(Object.keys(first.shown[0] ?? {}).sort()).toEqual(["default", "eventgrid_extension", "master"]);
    for (const key of Object.values(first.shown[0] ?? {})) expect(Buffer.from(key, "base64url")).toHaveLength(32);
    expect(new Set(Object.values(first.shown[0] ?? {})).size).toBe(3);
    expect(second.shown).toEqual([]);
    expect(second.keys.opens(first.shown[0]?.master ?? "", "admin")).toBe(true);
  });

  it("holds hashes only, for its owner's eyes only", async () => {
    const file = await newFile();

    const { shown } = await open(file);

    const text = await readFile(file, "utf8");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const key of Object.values(shown[0] ?? {})) expect(text).not.toContain(key);
    expect(text).toMatch(/"master": "[0-9a-f]{64}"/);
  });

  it("gets keys that are missing, keeping the others", async () => {
    const file = await newFile();
    const { shown } = await open(file);
    const text = await readFile(file, "utf8");
    await writeFile(file, JSON.stringify({ master: /"master": "(\w+)"/.exec(text)?.[1] }));

    const later = await open(file);

    expect(Object.keys(later.shown[0] ?? {}).sort()).toEqual(["default", "eventgrid_extension"]);
    expect(later.keys.opens(shown[0]?.master ?? "", "admin")).toBe(true);
    expect(later.keys.opens(shown[0]?.default ?? "", "function")).toBe(false);
  });

  it.each(["{", '{"master":"short"}', "[]"])("that holds %s is refused with what to do", async (text) => {
    const file = join(await temporaryDirectory(), "keys.json");
    await writeFile(file, text);

    await expect(open(file)).rejects.toThrow("delete it to get new keys");
  });
});

it.each([
  ["master", ["function", "webhook", "admin"]],
  ["default", ["function", "webhook"]],
  ["eventgrid_extension", ["webhook"]],
] as const)("the key %s opens %j", async (name, doors) => {
  const { keys, shown } = await open(await newFile());

  const all = ["function", "webhook", "admin"] as const;

  expect(all.filter((door) => keys.opens(shown[0]?.[name] ?? "", door))).toEqual(doors);
  expect(all.filter((door) => keys.opens("", door))).toEqual([]);
});
