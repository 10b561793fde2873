import type { BlobStore } from "../ports/blob-store.ts";

/**
 * Removes blobs that were saved before an instant and that nobody needs, looking at no more than so many at a time.
 * @param needed which of these names have to stay
 */
export async function removeOldBlobs(
  blobs: Pick<BlobStore, "list" | "remove">,
  { prefix, before, limit }: { readonly prefix: string; readonly before: Date; readonly limit: number },
  needed: (names: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<number> {
  let removed = 0;
  const group: string[] = [];
  const removeGroup = async () => {
    const names = group.splice(0);
    const stay = await needed(names);
    for (const name of names) {
      if (stay.has(name)) continue;
      await blobs.remove(name);
      removed += 1;
    }
  };
  for await (const name of blobs.list(prefix, before)) {
    group.push(name);
    if (group.length === groupSize) await removeGroup();
    if (removed >= limit) break;
  }
  await removeGroup();
  return removed;
}

const groupSize = 100;
