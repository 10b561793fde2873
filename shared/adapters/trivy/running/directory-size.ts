import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Bytes on disk of all files below the directory, each at least {@link SMALLEST_FILE_BYTES}, so that very many empty
 * files count as well. Stops counting once past {@link enough}. What vanishes meanwhile counts nothing.
 */
export async function directoryBytes(directory: string, enough = Infinity): Promise<number> {
  const directories = [directory];
  let total = 0;
  for (let next = directories.pop(); next !== undefined && total <= enough; next = directories.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) directories.push(path);
      // The block count, not the length: a sparse file takes no space.
      const stat = await lstat(path).catch(() => undefined);
      total += Math.max(SMALLEST_FILE_BYTES, (stat?.blocks ?? 0) * 512);
      if (total > enough) break;
    }
  }
  return total;
}

const SMALLEST_FILE_BYTES = 4096;
