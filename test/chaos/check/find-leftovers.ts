import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { processesBelow } from "../world/processes-below.ts";

/** Files of work that has ended, in the state directory of a Tidewatch that has nothing to do. */
export async function leftFiles(stateDirectory: string): Promise<readonly string[]> {
  const [scratch, downloads, incoming, blobs] = await Promise.all(
    ["scratch", "databases/incoming", "blobs/_incoming", "blobs"].map((name) => filesOf(join(stateDirectory, name))),
  );
  // Reports are kept until their SBOM is made, parts of alerts until they are sent.
  const passing = blobs?.filter((file) => /\/(?:reports|alerts)_[^/]*$/.test(file));
  return [scratch, downloads, incoming, passing].flatMap((files) => files ?? []);
}

/** Processes of a Tidewatch that has ended. */
export const leftProcesses = processesBelow;

/** What is left is counted, and does not stay. */
export async function endProcesses(stateDirectory: string): Promise<void> {
  for (const found of await processesBelow(stateDirectory)) {
    try {
      process.kill(Number.parseInt(found), "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function filesOf(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.map((name) => join(directory, name));
}
