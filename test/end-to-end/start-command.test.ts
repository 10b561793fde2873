import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { startSurroundings, type Surroundings } from "../support/surroundings.ts";
import { eventually } from "./eventually.ts";
import { processesOf } from "./processes.ts";
import { readImages } from "./read-api.ts";
import { runStart, settingsFile, startTidewatchProcess } from "./tidewatch-process.ts";

let directory: string;
let surroundings: Surroundings;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "start-command-"));
  surroundings = await startSurroundings({ advisories: foundation });
});

afterAll(async () => {
  await surroundings[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe("npm start", () => {
  it("-- --help says how it is used, and starts nothing", async () => {
    const cwd = resolve(import.meta.dirname, "../..");

    const { exitCode, stdout } = await execa("npm", ["start", "--silent", "--", "--help"], { cwd, timeout: 20_000 });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: npm start/);
    for (const option of ["--settings", "--check", "--log", "--help"]) expect(stdout).toContain(option);
  });

  it("with an option that does not exist: exit 2, and where to look", async () => {
    const { exitCode, stderr, stdout } = await runStart(["--port", "80"]);

    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--help");
  });

  it.each([[[]], [["--check"]]])("%j with wrong settings: exit 1, and all that is wrong at once", async (options) => {
    const file = join(directory, "wrong.yaml");
    const state = join(directory, "never-made");
    await writeFile(
      file,
      `registries: []
stateDirectory: ${state}
scanner: { slots: 0, colour: green }
webhooks: [{ id: Chat, url: "http://example.com/", secret: hunter2 }]
listen: { port: 70000 }
`,
    );

    const { exitCode, stderr, stdout } = await runStart(["--settings", file, ...options]);

    expect([exitCode, stdout]).toEqual([1, ""]);
    const wrong = ["registries", "scanner.slots", "colour", "webhooks.0.id", "webhooks.0.url", "webhooks.0.secret"];
    for (const name of [...wrong, "listen.port"]) expect(stderr).toContain(name);
    expect(stderr).not.toContain("hunter2");
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(existsSync(state)).toBe(false);
  });

  it("with no settings at all: exit 1, and what is needed", async () => {
    const { exitCode, stderr } = await runStart([], { TIDEWATCH__stateDirectory: join(directory, "never-made") });

    expect(exitCode).toBe(1);
    expect(stderr).toContain("registries");
  });

  it("-- --check with right settings: exit 0, and nothing is made", async () => {
    const state = join(directory, "never-made");
    const settings = { TIDEWATCH__registries__0__host: "shop.azurecr.io", TIDEWATCH__stateDirectory: state };

    const { exitCode, stdout } = await runStart(["--check"], settings);

    expect([exitCode, stdout]).toEqual([0, "The settings are right."]);
    expect(existsSync(state)).toBe(false);
  });
});

describe("a running Tidewatch", () => {
  it("keeps a second one off its state directory: exit 1, and a clear error; the first one goes on", async () => {
    await using first = await startTidewatchProcess(surroundings);
    const otherPort = { TIDEWATCH__listen__port: "0" };

    const { exitCode, stderr } = await runStart(["--settings", await settingsFile(surroundings)], otherPort);
    const { status } = await first.call("/api/health");

    expect(exitCode).toBe(1);
    expect(stderr).toContain(surroundings.stateDirectory);
    expect(stderr).toMatch(/another process|in use|already/i);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(status).toBe(200);
  });

  it("ends within seconds at SIGTERM, with exit 0, and leaves nothing running; what it knew is there afterwards", async () => {
    await using first = await startTidewatchProcess(surroundings);
    const pushed = await push(surroundings.registry.url, "base/alpine", await alpineImage());
    await eventually(async () => expect(await readImages(first, "state=scanned")).toHaveLength(1));

    const startedAt = performance.now();
    const { exitCode } = await first.end("SIGTERM");
    const tookMs = performance.now() - startedAt;
    const left = await processesOf(surroundings.stateDirectory);
    await using second = await startTidewatchProcess(surroundings);

    expect(exitCode).toBe(0);
    expect(tookMs).toBeLessThan(5_000);
    expect(left).toEqual([]);
    expect(await readImages(second)).toMatchObject([{ digest: pushed.digest, state: { kind: "scanned" } }]);
  });

  it("writes none of its secrets into its log", async () => {
    const first = await startTidewatchProcess(surroundings);
    await push(surroundings.registry.url, "base/secretive", await alpineImage());
    await eventually(async () => expect(await readImages(first, "repository=base/secretive")).toHaveLength(1));

    const { output } = await first.end("SIGTERM");

    const { keys, webhooks } = surroundings;
    expect(output).toContain("Tidewatch listens.");
    for (const secret of [...Object.values(keys), webhooks.secret]) expect(output).not.toContain(secret);
  });
});
