import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";

/**
 * Nearly everything that is looked at is no stray, and each look reads the record. So it goes in slices of a table, oldest
 * rows first, and in transactions that remove little: others get their turn in between.
 */
export async function removeStrays(
  database: Database,
  commits: GroupCommit,
  { savedBefore, limit }: { readonly savedBefore: Date; readonly limit: number },
): Promise<number> {
  let removed = 0;
  for (const { endOfSlice, remove } of [straySets, strayTransitions]) {
    let start = 0;
    while (removed < limit) {
      const end = Number(database.get(endOfSlice, start)?.["rowid"] ?? Infinity);
      const most = Math.min(removedAtOnce, limit - removed);
      const some = await commits.transact(
        () => database.run(remove, start, end, savedBefore.toISOString(), most).changes,
      );
      removed += some;
      if (some === most) continue;
      if (end === Infinity) break;
      start = end;
    }
  }
  return removed;
}

const rowsInSlice = 1000;

/** A set can have tens of thousands of rows. */
const removedAtOnce = 10;

const straySets = straysOf(
  "scans",
  "SELECT 1 FROM images WHERE images.id = scans.image AND images.findings = scans.id",
);

const strayTransitions = straysOf(
  "transition_chunks",
  "SELECT 1 FROM history WHERE history.image = transition_chunks.image AND history.id = entry",
);

function straysOf(table: string, pointedAt: string) {
  const strays = `rowid > ? AND rowid <= ? AND saved_at < ? AND NOT EXISTS (${pointedAt})`;
  return {
    endOfSlice: `SELECT rowid AS rowid FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 1 OFFSET ${rowsInSlice - 1}`,
    remove: `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${strays} ORDER BY rowid LIMIT ?)`,
  };
}
