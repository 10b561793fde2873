import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** Which folders of the project a folder's files may import from, besides their own. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  functions: ["shared/hosts", "shared/messages", "shared/ports", "shared/domain"],
  "shared/hosts": ["shared/use-cases", "shared/adapters", "shared/messages", "shared/ports", "shared/domain"],
  "shared/use-cases": ["shared/ports", "shared/messages", "shared/domain"],
  "shared/adapters": ["shared/messages", "shared/ports", "shared/domain"],
  "shared/messages": ["shared/ports", "shared/domain"],
  "shared/ports": ["shared/domain"],
  "shared/domain": [],
};

/** What a folder's files may import from outside the project. Folders that are not named: anything. */
const mayImportPackages: Readonly<Record<string, (name: string, file: string) => boolean>> = {
  functions: (name) => name === "@azure/functions",
  "shared/use-cases": (name) => ["node:util", "node:zlib", "p-limit"].includes(name),
  "shared/messages": (name) => ["zod", "safe-stable-stringify"].includes(name),
  "shared/ports": (name, file) => name === "node:diagnostics_channel" && file === "shared/ports/step.ts",
  // Hashing is as pure as adding; nothing else of Node gets in.
  "shared/domain": (name, file) => name === "node:crypto" && file === "shared/domain/content-id.ts",
};

const files = globSync("{functions,shared}/**/*.ts", { cwd: root });

describe.each(Object.keys(mayImport))("%s", (folder) => {
  const own = files.filter((file) => file.startsWith(`${folder}/`));

  it("holds files", () => {
    expect(own.length).toBeGreaterThan(0);
  });

  it("imports only from folders below it", () => {
    const allowed = [folder, ...(mayImport[folder] ?? [])];

    const strays = own.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .map((name) => relative(root, resolve(root, dirname(file), name)))
        .filter((target) => !allowed.some((each) => target.startsWith(`${each}/`)))
        .map((target) => `${file} → ${target}`),
    );

    expect(strays).toEqual([]);
  });

  it("imports only the packages that are its business", () => {
    const allowed = mayImportPackages[folder] ?? (() => true);

    const strays = own.flatMap((file) =>
      importsOf(file)
        .filter((name) => !name.startsWith(".") && !allowed(name, file))
        .map((name) => `${file} → ${name}`),
    );

    expect(strays).toEqual([]);
  });
});

it("each adapter's folder imports no other adapter but the broker's and what speaks HTTP", () => {
  const shared = ["sqlite", "oci"];

  const strays = files
    .filter((file) => file.startsWith("shared/adapters/"))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .map((name) => relative(root, resolve(root, dirname(file), name)).split("/"))
        .filter(([, kind, adapter]) => kind === "adapters" && adapter !== file.split("/")[2])
        .filter(([, , adapter]) => adapter === undefined || !shared.includes(adapter))
        .map((target) => `${file} → ${target.join("/")}`),
    );

  expect(strays).toEqual([]);
});

it("nothing that is deployed reaches the embedded host or a test", () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(file))
      if (name.startsWith(".")) visit(relative(root, resolve(root, dirname(file), name)));
  };

  visit("functions/index.ts");

  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((file) => /^(?:test|shared\/hosts\/embedded)\//.test(file))).toEqual([]);
});

function importsOf(file: string): readonly string[] {
  const source = readFileSync(resolve(root, file), "utf8");
  const statements = source.matchAll(/^(?:import|export)\b[^;=]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"/gm);
  return [...statements].flatMap(([, from, bare]) => from ?? bare ?? []);
}
