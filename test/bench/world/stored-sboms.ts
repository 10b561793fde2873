import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Resolves when so many SBOMs are stored: the last work that a scan leaves behind. */
export async function waitForSboms(stateDirectory: string, count: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  while ((await storedSboms(stateDirectory)) < count) await setTimeout(LOOK_EVERY_MS, undefined, { signal: limit });
}

const LONGEST_WAIT_MS = 300_000;
const LOOK_EVERY_MS = 50;

async function storedSboms(stateDirectory: string): Promise<number> {
  const names = await readdir(join(stateDirectory, "blobs"));
  return names.filter((name) => name.includes(".cdx.json.gz")).length;
}
