import { assertStorable } from "../../../messages/stored-limits.ts";
import type { GroupCommit } from "../commit-together.ts";

/**
 * One transaction for each chunk, so that an image with many findings does not hold up other writers; what a larger
 * save under the same id left is removed with the last one.
 */
export async function saveChunks<Chunk extends { readonly ordinal: number }>(
  commits: GroupCommit,
  id: string,
  chunks: Iterable<Chunk>,
  tables: {
    readonly save: (chunk: Chunk, json: string) => void;
    readonly removeFrom: (ordinal: number) => void;
  },
): Promise<void> {
  let count = 0;
  let saved: Promise<void> | undefined;
  for (const chunk of chunks) {
    const json = JSON.stringify(chunk);
    assertStorable([{ id: `${id}-${chunk.ordinal}`, json }]);
    await saved;
    saved = commits.transact(() => tables.save(chunk, json));
    count += 1;
  }
  await Promise.all([saved, commits.transact(() => tables.removeFrom(count))]);
}
