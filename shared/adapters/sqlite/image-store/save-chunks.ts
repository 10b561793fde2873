import { assertStorable } from "../../../messages/stored-limits.ts";
import type { GroupCommit } from "../commit-together.ts";

/**
 * One transaction for each chunk, so that an image with many findings does not hold up other writers; what a larger
 * save under the same id left is removed with the last one.
 */
export async function saveChunks<Chunk extends { readonly ordinal: number; readonly document: string }>(
  commits: GroupCommit,
  id: string,
  chunks: Iterable<Chunk>,
  tables: {
    readonly save: (chunk: Chunk) => void;
    readonly removeFrom: (ordinal: number) => void;
  },
): Promise<void> {
  let count = 0;
  let saved: Promise<void> | undefined;
  for (const chunk of chunks) {
    assertStorable([{ id: `${id}-${chunk.ordinal}`, json: chunk.document }]);
    await saved;
    saved = commits.transact(() => tables.save(chunk));
    count += 1;
  }
  await Promise.all([saved, commits.transact(() => tables.removeFrom(count))]);
}
