import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { everySetting, type Setting } from "./every-setting.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/settings.md"), "utf8");

/** Rows of tables whose first cell is a setting. */
const described = new Map(
  [...page.matchAll(/^\| `([\w.[\]]+)` *\| (.*?) *\| (.*?) *\|$/gm)].map(([, path = "", given = "", meaning = ""]) => [
    path,
    { given, meaning },
  ]),
);

it.each(everySetting().map((setting) => [setting.path, setting] as const))(
  "docs/settings.md has %s with its default and its meaning",
  (path, setting) => {
    const row = described.get(path);

    expect(row?.given).toBe(defaultAsWritten(setting));
    expect(row?.meaning).toMatch(/\w{3}/);
  },
);

it("docs/settings.md has nothing else", () => {
  const paths = everySetting().map(({ path }) => path);

  expect([...described.keys()].filter((path) => !paths.includes(path))).toEqual([]);
  expect(paths.length).toBeGreaterThan(30);
});

function defaultAsWritten({ default: given, required }: Setting): string {
  if (required) return "required";
  if (given === undefined) return "none";
  if (typeof given !== "object") return `\`${given}\``;
  return given.length === 0 ? "`[]`" : given.map((item) => `\`${item}\``).join("<br>");
}
