import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";

const checkout = resolve(import.meta.dirname, "../../../..");

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fresh-bundle-"));
  for (const name of ["functions", "shared", "host.json", "package.json"])
    await cp(join(checkout, name), join(root, name), { recursive: true });
  await symlink(join(checkout, "node_modules"), join(root, "node_modules"));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

it("the first start makes one file of the sources, and the next one takes it", async () => {
  const first = await start();
  await change("dist/start.js", "Usage: npm start", "Usage: from one file");

  const second = await start();

  expect([first.exitCode, first.stderr]).toEqual([0, ""]);
  expect(first.stdout).toMatch(/^Usage: npm start/);
  expect([second.exitCode, second.stderr]).toEqual([0, ""]);
  expect(second.stdout).toMatch(/^Usage: from one file/);
});

it("a source that has changed is there at the next start", async () => {
  await start();
  await change("shared/hosts/embedded/cli/start.ts", "Usage: npm start", "Usage: as changed");

  const { stdout } = await start();

  expect(stdout).toMatch(/^Usage: as changed/);
});

it("an error tells its place in a source file to who asks for that", async () => {
  await change("shared/hosts/embedded/cli/start.ts", "console.log(helpText())", 'throw new Error("on purpose")');

  const { stderr } = await start({ NODE_OPTIONS: "--enable-source-maps" });
  await change("shared/hosts/embedded/cli/start.ts", 'throw new Error("on purpose")', "console.log(helpText())");

  expect(stderr).toMatch(/Error: on purpose\n\s+at main \(.*shared\/hosts\/embedded\/cli\/start\.ts:\d+:\d+\)/);
});

it("where the file cannot be written the sources start, and say so", async () => {
  await rm(join(root, "dist"), { recursive: true });
  await writeFile(join(root, "dist"), "not a directory");

  const { exitCode, stderr, stdout } = await start();

  expect([exitCode, stdout.slice(0, 6)]).toEqual([0, "Usage:"]);
  expect(stderr).toMatch(/^Starting from the source files.*dist\/start\.js/);
});

it("a source with a mistake in it ends the start with that mistake", async () => {
  await rm(join(root, "dist"), { recursive: true, force: true });
  await change("shared/domain/finding.ts", "export", "export export");

  const { exitCode, stderr } = await start();

  expect(exitCode).toBe(1);
  expect(stderr).toContain("SyntaxError");
  expect(existsSync(join(root, "dist/start.js"))).toBe(false);
});

function start(environment: Readonly<Record<string, string>> = {}) {
  const program = join(root, "shared/hosts/embedded/cli/npm-start.mjs");
  return execa(process.execPath, ["--disable-warning=ExperimentalWarning", program, "--help"], {
    env: { TIDEWATCH_CACHE: join(root, "cache"), ...environment },
    reject: false,
    timeout: 60_000,
  });
}

async function change(path: string, from: string, to: string): Promise<void> {
  const file = join(root, path);
  const text = await readFile(file, "utf8");
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}
