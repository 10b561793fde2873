import { mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../../ports/log.ts";

/** Lends an empty directory, which is gone afterwards, also after a failure. */
export type Scratch = <Result>(use: (directory: string) => Promise<Result>) => Promise<Result>;

/** The directory is ours alone: what a killed process left in it is removed now. */
export async function openScratch(directory: string, log: Log): Promise<Scratch> {
  await mkdir(directory, { recursive: true });
  // Below a symbolic link the same path would not exist inside the sandbox.
  const root = await realpath(directory);
  for (const name of await readdir(root)) await removeTree(join(root, name), log);

  return async (use) => {
    const run = await mkdtemp(join(root, "run-"));
    try {
      return await use(run);
    } finally {
      await removeTree(run, log);
    }
  };
}

/** A directory that cannot be removed now is tried again at the next start: no result is lost for it. */
async function removeTree(path: string, log: Log): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    log.warn("A scratch directory could not be removed.", { path, error });
  }
}
