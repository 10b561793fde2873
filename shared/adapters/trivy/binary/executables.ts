import { access, constants, realpath, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** Every program of this name, in the order of PATH, each file once. Relative entries of PATH are not looked at. */
export async function executablesOnPath(name: string, path = ""): Promise<string[]> {
  const found = new Map<string, string>();
  for (const directory of path.split(":").filter((entry) => isAbsolute(entry))) {
    const candidate = join(directory, name);
    if (!(await isExecutableFile(candidate))) continue;
    const file = await realpath(candidate);
    if (!found.has(file)) found.set(file, candidate);
  }
  return [...found.values()];
}

export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
