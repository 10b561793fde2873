import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { stringify } from "yaml";
import * as z from "zod";
import { peakMemoryMb } from "./process-memory.ts";

export interface TidewatchOptions {
  /** As a person would write them. Its state directory has to exist. */
  readonly settings: { readonly stateDirectory: string } & Readonly<Record<string, unknown>>;
  readonly trivyPath: string;
  /** More of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The log line to wait for. */
  readonly ready: string;
  readonly signal: AbortSignal;
}

export interface TidewatchProcess extends AsyncDisposable {
  readonly pid: number;
  /** From the start of the process until it listened. */
  readonly startedInMs: number;
  /** The most that it ever held, without the Trivy that it runs. Undefined where the system does not tell. */
  readonly peakMemoryMb: () => Promise<number | undefined>;
}

/** The program behind `npm start`, on its own. */
export async function startTidewatch(options: TidewatchOptions): Promise<TidewatchProcess> {
  const { settings, trivyPath, environment, ready, signal } = options;
  const file = join(settings.stateDirectory, "tidewatch.yaml");
  await writeFile(file, stringify(settings));
  const words = await startCommand();
  const began = performance.now();
  const child = execa(process.execPath, [...words, "--settings", file, "--log", "json"], {
    extendEnv: false,
    env: { PATH: process.env["PATH"], TRIVY_PATH: trivyPath, ...environment },
    cwd: settings.stateDirectory,
    stdin: "ignore",
    all: true,
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: 10_000,
    cancelSignal: signal,
  });
  const log: string[] = [];
  const arrivals = new EventTarget();
  const times = new Map<string, number>();
  const read = async () => {
    for await (const text of child.iterable({ from: "all" })) {
      const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? "";
      if (!times.has(message)) times.set(message, performance.now() - began);
      if (log.push(text) > 50) log.shift();
      arrivals.dispatchEvent(new Event("line"));
    }
  };
  const ended = read();
  while (!times.has(ready)) {
    const news = await Promise.race([once(arrivals, "line"), ended.then(() => "ended")]);
    if (news === "ended" && !times.has(ready)) throw new Error(`Tidewatch did not start:\n${log.join("\n")}`);
  }
  const pid = child.pid ?? 0;
  return {
    pid,
    startedInMs: times.get("Tidewatch listens.") ?? Infinity,
    peakMemoryMb: () => peakMemoryMb(pid),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await child;
    },
  };
}

/** What `npm start` gives to Node.js, its flags included. */
async function startCommand(): Promise<readonly string[]> {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const content: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const [, ...words] = Package.parse(content).scripts.start.split(" ");
  return words.map((word) => (word.startsWith("-") ? word : resolve(root, word)));
}

const Package = z.object({ scripts: z.object({ start: z.string().startsWith("node ") }) });
