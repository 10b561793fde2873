import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";

interface LockOptions {
  readonly signal: AbortSignal;
  /** Called each time that the lock turns out to be held by someone else. */
  readonly onWait: () => void;
}

/**
 * Runs the work while no other process (or other call in this one) that names the same file does. The operating system
 * gives the lock back when its holder dies, however it dies, so there is no stale lock to judge. The file stays.
 */
export async function withProcessLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    while (!tryLock(database)) {
      options.onWait();
      await sleep(250, undefined, { signal: options.signal });
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return false;
    throw error;
  }
}

const sqliteBusy = 5;
