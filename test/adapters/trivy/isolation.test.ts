import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi, type TestContext } from "vitest";
import * as z from "zod";
import { bubblewrap, networkFiles } from "../../../shared/adapters/trivy/running/bubblewrap.ts";
import { chooseLaunch, IsolationUnavailableError } from "../../../shared/adapters/trivy/running/choose-launch.ts";
import { bareLaunch, dyingWithParent, type Launch } from "../../../shared/adapters/trivy/running/launch.ts";
import { silentLog } from "../../../shared/ports/log.ts";
import { programFile, programLab } from "./program-lab.ts";
import { trivyPath } from "../../support/trivy-path.ts";

/** What Node needs to run at all. Trivy is static and needs none of it. */
const NODE_FILES = ["/usr", "/lib", "/lib64", process.execPath];

const Seen = z.object({
  readable: z.array(z.string()),
  writable: z.array(z.string()),
  connected: z.boolean(),
  environment: z.record(z.string(), z.string()),
  processes: z.array(z.string()),
});

describe("isolation by bubblewrap", () => {
  let host: string;
  let places: Record<"state" | "settings" | "database" | "slot", string>;

  beforeAll(async () => {
    host = await realpath(await mkdtemp(join(tmpdir(), "isolation-")));
    places = {
      state: join(host, "state"),
      settings: join(host, "settings.yaml"),
      database: join(host, "database"),
      slot: join(host, "slot"),
    };
    for (const directory of [places.state, places.database, places.slot]) await mkdir(directory);
    await writeFile(places.settings, "webhooks: []");
  });

  afterAll(() => rm(host, { recursive: true, force: true }));

  async function lookAround(launch: Launch, network = true) {
    await using lab = await programLab({ launch, environment: { WEBHOOK_SECRET: "x" } });
    await using server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = Address.parse(server.address());
    const { database, slot } = places;
    const paths = [...Object.values(places), "/etc/passwd", "/var/lib", lab.directory];
    const end = await lab.run("looks-around", {
      arguments: [port.toString(), ...paths],
      readable: [database],
      writable: [slot],
      network,
    });
    if (end.kind !== "done") throw new Error(`The program did not end well: ${JSON.stringify(end)}`);
    return { ...Seen.parse(JSON.parse(end.stdout)), scratch: lab.directory };
  }

  it("lets a program read databases, slot and scratch directory and nothing else of the host", async (context) => {
    const { readable, writable, scratch } = await lookAround(sandbox(context));

    expect(readable).toEqual([places.database, places.slot, scratch]);
    expect(writable).toEqual([places.slot, scratch]);
  });

  it("shows a program neither our processes nor our environment", async (context) => {
    const seen = await lookAround(sandbox(context));

    expect(seen.processes.filter((command) => !command.includes("looks-around"))).toEqual([]);
    expect(Object.keys(seen.environment)).not.toContain("WEBHOOK_SECRET");
  });

  it("gives the network only to a program that needs it", async (context) => {
    const launch = sandbox(context);

    expect(await lookAround(launch, true)).toMatchObject({ connected: true });
    expect(await lookAround(launch, false)).toMatchObject({ connected: false });
  });

  it("is what hides all this: without it the same program reaches everything", async () => {
    const { readable, writable, scratch, ...seen } = await lookAround(bareLaunch, false);

    expect(readable).toEqual([...Object.values(places), "/etc/passwd", "/var/lib", scratch]);
    expect(writable).toEqual(expect.arrayContaining([places.state, places.database, places.slot, scratch]));
    expect(seen.processes.length).toBeGreaterThan(1);
    expect(seen.connected).toBe(true);
  });

  it.for([
    ["by bubblewrap", (context: TestContext) => sandbox(context, "fills-disk")],
    [
      "by setpriv, where there is no bubblewrap",
      (context: TestContext) => dyingWithParent(requireProgram("setpriv", context)),
    ],
  ] as const)("ends the program when its parent is killed, %s", async ([, launchIn], context) => {
    const launch = launchIn(context);
    const work = await mkdtemp(join(host, "work-"));
    const command = launch(
      { file: process.execPath, arguments: [programFile("fills-disk")] },
      { readable: [], writable: [work], network: false },
    );
    const script = `require("node:child_process").spawn(${JSON.stringify(command.file)}, ${JSON.stringify(command.arguments)})`;
    const parent = spawn(process.execPath, ["-e", script], { cwd: work, stdio: "ignore" });
    const file = join(work, "below", "file");
    await vi.waitFor(() => expect(statSync(file).size).toBeGreaterThan(0), { timeout: 10_000 });

    parent.kill("SIGKILL");

    await once(parent, "exit");
    await vi.waitFor(
      async () => {
        const before = statSync(file).size;
        await sleep(300);
        expect(statSync(file).size).toBe(before);
      },
      { timeout: 5000 },
    );
  });

  it("is what Trivy runs in when the setting is auto or required and it works", async (context) => {
    requireProgram("bwrap", context);
    const info = vi.fn();

    for (const isolation of ["auto", "required"] as const) await chooseLaunch(isolation, options({ info }));

    expect(info.mock.calls).toEqual([["Trivy runs isolated by bubblewrap."], ["Trivy runs isolated by bubblewrap."]]);
  });

  it("is refused with what to do when it is required and not there", async () => {
    const chosen = chooseLaunch("required", { ...options(), environment: { PATH: host } });

    await expect(chosen).rejects.toThrow(IsolationUnavailableError);
    await expect(chosen).rejects.toThrow("bubblewrap (bwrap) is not installed");
  });

  it("is done without, and said so, when it is wanted and does not work", async () => {
    await writeFile(join(host, "bwrap"), "#!/bin/sh\necho no namespaces here >&2\nexit 1\n", { mode: 0o755 });
    const warn = vi.fn();

    const launch = await chooseLaunch("auto", { ...options({ warn }), environment: { PATH: host } });

    expect(launch).toBe(bareLaunch);
    expect(warn).toHaveBeenCalledWith("Trivy runs without isolation, with the rights of this process.", {
      reason: "A trial run in bubblewrap failed: no namespaces here",
    });
  });
});

const Address = z.object({ port: z.number() });

function sandbox(context: TestContext, program = "looks-around"): Launch {
  const systemFiles = [...networkFiles, ...NODE_FILES, programFile(program)];
  return bubblewrap({ path: requireProgram("bwrap", context), systemFiles });
}

function requireProgram(name: "bwrap" | "setpriv", context: TestContext): string {
  const path = ["/usr/bin", "/usr/local/bin"]
    .map((directory) => join(directory, name))
    .find((file) => existsSync(file));
  if (path !== undefined) return path;
  if (process.env["CI"] !== undefined) throw new Error(`${name} is not installed, and CI does not skip tests.`);
  return context.skip(`${name} is not installed here`);
}

function options(log: { info?: () => void; warn?: () => void } = {}) {
  return { program: trivyPath(), environment: process.env, log: { ...silentLog, ...log } };
}
