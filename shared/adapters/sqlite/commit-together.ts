import type { Database } from "./open-database.ts";

export interface GroupCommit {
  /**
   * Runs the work inside a transaction that it shares with all work asked for in the same turn of the event loop, and
   * resolves when that is on disk: one sync for all instead of one each. Work is synchronous. It runs a second time,
   * alone, when other work of its transaction has thrown, so it must have no effect outside the database.
   */
  readonly transact: <T>(work: () => T) => Promise<T>;
  /** Commits what was asked for until now, without waiting for the end of the turn. */
  readonly flush: () => void;
}

/** While one transaction is written the next callers gather, so a slower disk makes larger transactions. */
export function commitTogether(database: Database): GroupCommit {
  let waiting: Entry[] = [];

  const flush = () => {
    while (waiting.length > 0) commitNext();
  };
  const commitNext = () => {
    const group = waiting.slice(0, LARGEST_GROUP);
    waiting = waiting.slice(LARGEST_GROUP);
    commit(database, group);
  };
  const commitOnTurn = () => {
    commitNext();
    if (waiting.length > 0) setImmediate(commitOnTurn);
  };

  return {
    transact: async (work) =>
      await new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commitOnTurn);
        waiting.push({
          work: () => {
            const result = work();
            return () => resolve(result);
          },
          fail: reject,
        });
      }),
    flush,
  };
}

/** Bounds how long the process stands still for one transaction. */
const LARGEST_GROUP = 500;

interface Entry {
  /** Returns what tells the caller, to be called after the commit. */
  readonly work: () => () => void;
  readonly fail: (error: unknown) => void;
}

function commit(database: Database, group: readonly Entry[]): void {
  if (group.length === 0) return;
  try {
    const tellCallers = database.transaction(() => group.map((entry) => entry.work()));
    for (const tell of tellCallers) tell();
  } catch (error) {
    if (group.length > 1) for (const entry of group) commit(database, [entry]);
    else for (const entry of group) entry.fail(error);
  }
}
