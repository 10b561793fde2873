import { readFile, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { processesOf } from "../../end-to-end/processes.ts";

/**
 * Processes that work with files of the directory: by arguments, environment or working directory. Where there is no
 * /proc, by arguments alone.
 */
export async function processesBelow(directory: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return processesOf(directory);
  const found = await Promise.all(pids.map((pid) => describeIfBelow(directory, pid)));
  return found.flatMap((each) => each ?? []);
}

async function describeIfBelow(directory: string, pid: string): Promise<string | undefined> {
  const read = (name: string) => readFile(join("/proc", pid, name), "utf8").catch(() => "");
  const [command, environment] = await Promise.all([read("cmdline"), read("environ")]);
  const place = await readlink(join("/proc", pid, "cwd")).catch(() => "");
  const isBelow = [command, environment, place].some((text) => text.includes(`${directory}/`));
  // A process that has ended and waits for its parent has none of the three.
  return isBelow ? `${pid} ${command.replaceAll("\0", " ").slice(0, 300)}` : undefined;
}
