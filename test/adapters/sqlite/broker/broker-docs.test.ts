import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../../..");

it("names a test that exists for every rule in docs/broker.md", () => {
  const page = readFileSync(join(ROOT, "docs/broker.md"), "utf8");
  const named = [...page.matchAll(/^\|.*\| `([^`]+)` *\|$/gm)].map((row) => row[1] ?? "");
  const rows = page.split("\n").filter((line) => line.startsWith("|") && !/^\| (Rule|Promise|-)/.test(line));

  const tests = globSync(["test/contract/broker*.contract.ts", "test/adapters/sqlite/broker/*.test.ts"], { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), "utf8"))
    .join("\n");
  const missing = named.filter((title) => !tests.includes(`("${title}", `));

  expect(missing).toEqual([]);
  expect(named).toHaveLength(rows.length);
  expect(named.length).toBeGreaterThan(30);
});
