import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { BenchOptions } from "../bench-result.ts";
import { bareArguments } from "../world/bare-trivy.ts";
import type { BenchWorld } from "../world/bench-world.ts";

export const xargsCaches = ["a cache directory each", "cache in memory"] as const;

export type XargsCache = (typeof xargsCaches)[number];

export interface XargsRun {
  readonly cache: XargsCache;
  readonly references: readonly string[];
  readonly processes: number;
}

/** Milliseconds, with empty layer caches at the beginning. Needs GNU xargs. */
export async function drainWithXargs(
  world: BenchWorld,
  { trivy, signal }: BenchOptions,
  { cache, references, processes }: XargsRun,
): Promise<number> {
  const directory = join(world.directory, "xargs");
  await mkdir(directory);
  const slots = Array.from({ length: processes }, (_, slot) => slot.toString());
  for (const slot of slots) await world.bareCache(join("xargs", slot));
  const words = bareArguments({
    cacheDirectory: join(directory, "$SLOT"),
    output: join(directory, "report-$SLOT.json"),
    reference: "$1",
  });
  const memory = cache === "cache in memory" ? ["--cache-backend", "memory"] : [];
  const script = ["exec", trivy.path, ...words.slice(0, -1), ...memory, ...words.slice(-1)].map((word) => `"${word}"`);
  const command = script.join(" ").replace('"exec"', "exec");
  const began = performance.now();
  await execa("xargs", ["-n1", `-P${processes}`, "--process-slot-var=SLOT", "sh", "-c", command, "sh"], {
    extendEnv: false,
    env: { PATH: process.env["PATH"], HOME: directory },
    input: references.join("\n"),
    timeout: 1_800_000,
    cancelSignal: signal,
  });
  const milliseconds = performance.now() - began;
  await rm(directory, { recursive: true, force: true });
  return milliseconds;
}
