import { statfs } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { directoryBytes } from "./directory-size.ts";
import { processMemoryBytes } from "./process-memory.ts";

export interface WatchOptions {
  readonly pid: number;
  readonly memoryLimitBytes: number;
  readonly scratch: string;
  readonly scratchLimitBytes: number;
  readonly diskReserveBytes: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

export interface Breach {
  readonly reason: "out-of-memory" | "no-space";
  readonly detail: string;
}

/**
 * Looks at a process until it breaks a limit or the watch is ended. Between two looks it can take more than it is
 * allowed: the limits protect from what grows, not from one quick grab.
 */
export async function watchProcess(options: WatchOptions): Promise<Breach | undefined> {
  const { signal } = options;
  for (let look = 1; ; look += 1) {
    await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    const breach =
      (await findMemoryBreach(options)) ??
      (look % SPACE_EVERY_LOOKS === 0 ? await findSpaceBreach(options) : undefined);
    if (breach !== undefined) return breach;
  }
}

const LOOK_EVERY_MS = 200;
const SPACE_EVERY_LOOKS = 3;

async function findMemoryBreach({ pid, memoryLimitBytes }: WatchOptions): Promise<Breach | undefined> {
  if ((await processMemoryBytes(pid)) <= memoryLimitBytes) return undefined;
  return {
    reason: "out-of-memory",
    detail: `More than the allowed ${mebibytes(memoryLimitBytes)} of memory were needed.`,
  };
}

async function findSpaceBreach(options: WatchOptions): Promise<Breach | undefined> {
  const { scratch, scratchLimitBytes, diskReserveBytes } = options;
  if ((await directoryBytes(scratch, scratchLimitBytes)) > scratchLimitBytes)
    return { reason: "no-space", detail: `More than the allowed ${mebibytes(scratchLimitBytes)} of disk were needed.` };
  return findDiskBreach(scratch, diskReserveBytes);
}

/** Undefined while the disk of the directory has more than the reserve. A disk that cannot be asked has nothing left. */
export async function findDiskBreach(directory: string, reserveBytes: number): Promise<Breach | undefined> {
  const freeBytes = await statfs(directory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  if (freeBytes > reserveBytes) return undefined;
  return {
    reason: "no-space",
    detail: `The disk of ${directory} has ${mebibytes(freeBytes)} left, and ${mebibytes(reserveBytes)} have to stay free.`,
  };
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
