import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { stringify } from "yaml";
import * as z from "zod";
import { callTidewatch } from "../support/call-tidewatch.ts";
import type { Surroundings } from "../support/surroundings.ts";
import { trivyPath } from "../support/trivy-path.ts";
import type { Api } from "./read-api.ts";

/** `npm start` in a process of its own, which can be killed. */
export interface TidewatchProcess extends Api, AsyncDisposable {
  readonly pid: number;
  /** Ends this process and nothing else. Resolves when it has ended. */
  readonly end: (signal: "SIGTERM" | "SIGKILL") => Promise<EndedProcess>;
}

export interface EndedProcess {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Resolves once it says that it is ready, by default with its database. */
export async function startTidewatchProcess(
  surroundings: Surroundings,
  ready: "Tidewatch listens." | "The vulnerability database is ready." = "The vulnerability database is ready.",
): Promise<TidewatchProcess> {
  const options = ["--settings", await settingsFile(surroundings), "--log", "json"];
  const child = runStart(options, compileCache(surroundings));
  let output = "";
  child.all.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = (async () => {
    const { exitCode } = await child;
    return { exitCode, output };
  })();
  const deadline = AbortSignal.timeout(30_000);
  const isReady = () => output.includes(`"${ready}"`);
  while (!isReady()) {
    const news = await Promise.race([once(child.all, "data", { signal: deadline }), ended.then(() => "ended")]);
    if (news === "ended" && !isReady()) throw new Error(`Tidewatch did not start:\n${output}`);
  }
  const { listen } = z.looseObject({ listen: z.object({ port: z.number() }) }).parse(surroundings.settings);
  const end = (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    end,
    call: (path, init) => callTidewatch(`http://127.0.0.1:${listen.port}`, surroundings.keys.master, path, init),
    [Symbol.asyncDispose]: async () => {
      await end("SIGKILL");
    },
  };
}

/** What Node.js has compiled is kept until the end of the test; it starts in half the time then. A killed process keeps nothing. */
export async function compileOnce(surroundings: Surroundings): Promise<void> {
  await runStart(["--settings", await settingsFile(surroundings), "--check"], compileCache(surroundings));
}

function compileCache({ stateDirectory }: Surroundings) {
  return { NODE_COMPILE_CACHE: join(dirname(stateDirectory), "compiled") };
}

/** The file is beside the state directory: whatever has a path inside that in its arguments is working for Tidewatch. */
export async function settingsFile({ settings, stateDirectory }: Surroundings): Promise<string> {
  const file = join(dirname(stateDirectory), "tidewatch.yaml");
  await writeFile(file, stringify(settings));
  return file;
}

/** The program behind `npm start`, without npm in between. */
export function runStart(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const program = fileURLToPath(new URL("../../shared/hosts/embedded/cli/npm-start.mjs", import.meta.url));
  return execa(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], {
    extendEnv: false,
    env: { PATH: process.env["PATH"], TRIVY_PATH: trivyPath(), ...environment },
    stdin: "ignore",
    all: true,
    reject: false,
    forceKillAfterDelay: false,
    timeout: 60_000,
  });
}
