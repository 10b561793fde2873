import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";

export async function removeStrays(database: Database, commits: GroupCommit, savedBefore: Date): Promise<void> {
  await commits.transact(() => {
    database.run(straySets, savedBefore.toISOString());
    database.run(strayTransitions, savedBefore.toISOString());
  });
}

const straySets = `
  DELETE FROM scans
  WHERE saved_at < ?
    AND NOT EXISTS (SELECT 1 FROM images WHERE images.id = scans.image AND images.findings = scans.id)`;

const strayTransitions = `
  DELETE FROM transition_chunks
  WHERE saved_at < ?
    AND NOT EXISTS (SELECT 1 FROM history WHERE history.image = transition_chunks.image AND history.id = entry)`;
