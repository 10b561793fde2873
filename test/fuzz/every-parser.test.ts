import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("every parser of messages, domain and adapters is called by a target of the fuzzing, or by a parser that is", () => {
  const parsers = globSync("shared/{messages,domain,adapters}/**/*.ts", { cwd: root })
    // Expressions that the hosts write, not anybody outside.
    .filter((file) => !file.startsWith("shared/adapters/sqlite/broker/"))
    .flatMap((file) =>
      [...read(file).matchAll(/^export (?:async )?function\*? (parse\w+)/gm)].map(([, name = ""]) => name),
    );
  const targets = globSync("test/fuzz/targets/*.ts", { cwd: root }).map(read).join("\n");

  const missing = parsers.filter((name) => !within.has(name) && !new RegExp(`\\b${name}\\b`).test(targets));

  expect(parsers.length).toBeGreaterThan(40);
  expect(missing).toEqual([]);
});

/** Called by those that are. */
const within: ReadonlySet<string> = new Set([
  ...["parseAnswer", "parseExemptionFile", "parsePackageUrl", "parseQuery", "parseReceivedEvent", "parseStored"],
  ...["parseWith", "parseDigest", "parseCursor", "parseImage"],
]);

const read = (file: string): string => readFileSync(resolve(root, file), "utf8");
