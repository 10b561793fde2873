import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { TrivyUnavailableError } from "./trivy-unavailable-error.ts";

export interface SpaceNeed {
  /** Need not exist yet. */
  readonly directory: string;
  readonly bytes: number;
  /** The setting that moves the directory. */
  readonly setting: string;
}

/** Throws TrivyUnavailableError when a file system cannot hold all that is going to be written to it. */
export async function requireSpace(
  needs: readonly SpaceNeed[],
  options: { readonly purpose: string; readonly freeBytes: (directory: string) => Promise<number> },
): Promise<void> {
  const located = await Promise.all(needs.map(async (need) => ({ ...need, ...(await locate(need.directory)) })));
  for (const [device, onDevice] of Map.groupBy(located, ({ device }) => device)) {
    const needed = onDevice.reduce((sum, { bytes }) => sum + bytes, 0);
    const free = await options.freeBytes(onDevice.find((need) => need.device === device)?.existing ?? "/");
    if (free >= needed) continue;
    const places = onDevice.map(({ directory, setting }) => `  ${directory} (moved by ${setting})`);
    throw new TrivyUnavailableError(
      `Not enough disk space to ${options.purpose}: ${megabytes(needed)} needed, ${megabytes(free)} free, ` +
        `${megabytes(needed - free)} missing.\nFree that much, or move to a larger disk what goes to\n${places.join("\n")}`,
    );
  }
}

export async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

async function locate(directory: string): Promise<{ readonly existing: string; readonly device: number }> {
  try {
    return { existing: directory, device: (await stat(directory)).dev };
  } catch (error) {
    const parent = dirname(directory);
    if (parent === directory) throw error;
    return locate(parent);
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
