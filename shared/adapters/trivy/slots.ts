import { mkdir, readdir, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Places to scan in, each with a layer cache that only one Trivy can open at a time. */
export interface Slots {
  /**
   * Waits for a free one, in the order of asking. Undefined when the signal was aborted before there was one.
   * The slot is busy until it is released.
   */
  readonly take: (signal?: AbortSignal) => Promise<Slot | undefined>;
}

export interface Slot {
  /** Trivy's `fanal`. */
  readonly layerCache: string;
  /** Frees the slot. A layer cache that is too large, or said to be broken, is emptied first. The second call does nothing. */
  readonly release: (state: { readonly broken: boolean }) => Promise<void>;
  /** Has the layer cache emptied after its next use: somebody else may be using it already. */
  readonly distrust: () => void;
}

/** The directory is ours alone. */
export async function openSlots(directory: string, count: number, layerCacheLimitBytes: number): Promise<Slots> {
  await mkdir(directory, { recursive: true });
  const root = await realpath(directory);
  const limitBytes = layerCacheLimitBytes / count;
  const free = Array.from({ length: count }, (_, index) => join(root, `slot-${index + 1}`));
  // Of a time with more slots.
  for (const name of await readdir(root))
    if (!free.includes(join(root, name))) await rm(join(root, name), { recursive: true, force: true });
  const distrusted = new Set<string>();
  const waiting = new Set<(slot: string) => void>();

  const next = (): void => {
    const [first] = waiting;
    const slot = first === undefined ? undefined : free.shift();
    if (first === undefined || slot === undefined) return;
    waiting.delete(first);
    first(slot);
  };

  return {
    take: async (signal) => {
      const slot = await new Promise<string | undefined>((resolve) => {
        if (signal?.aborted) {
          resolve(undefined);
          return;
        }
        const giveUp = () => {
          waiting.delete(accept);
          resolve(undefined);
        };
        const accept = (given: string) => {
          signal?.removeEventListener("abort", giveUp);
          resolve(given);
        };
        signal?.addEventListener("abort", giveUp);
        waiting.add(accept);
        next();
      });
      if (slot === undefined) return undefined;

      const layerCache = join(slot, "fanal");
      await mkdir(layerCache, { recursive: true });
      let released = false;
      return {
        layerCache,
        distrust: () => void distrusted.add(slot),
        release: async ({ broken }) => {
          if (released) return;
          released = true;
          if (distrusted.delete(slot) || broken || (await fileBytes(join(layerCache, "fanal.db"))) > limitBytes)
            await rm(layerCache, { recursive: true, force: true });
          // The one that has rested longest is the last to be taken: caches that are warm stay in use.
          free.unshift(slot);
          next();
        },
      };
    },
  };
}

async function fileBytes(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.size ?? 0;
}
