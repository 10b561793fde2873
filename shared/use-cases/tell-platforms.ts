import { imageId, type ImageId } from "../domain/image-record.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import type { AlertEntry } from "../domain/outbox-entry.ts";
import { tellIndex, type TellIndexPorts } from "./tell-index.ts";

/** After an image was settled, in whatever way: tells the indexes for which it may have been the last platform. */
export const tellIndexesOf = (ports: TellIndexPorts) => {
  const tell = tellIndex(ports);
  return async (image: ImageReference): Promise<void> => {
    const record = (await ports.images.read(imageId(image)))?.value;
    if (record === undefined) return;
    if (record.state.kind === "expanded") await tell(image);
    const newest = record.indexes.at(-1);
    if (newest === undefined) return;
    const held = await ports.images.heldOutbox(10, record.id);
    for (const digest of new Set([...held.flatMap(({ heldFor }) => heldFor ?? []), newest]))
      await tell({ ...image, digest }, [record.id]);
  };
};

/**
 * For a timer: tells what has been held back for long enough, and what an interruption left. An index that cannot be
 * told does not hold up the others; then it rejects. Resolves to the number of indexes that were looked at.
 */
export const tellHeld = (ports: TellIndexPorts) => {
  const tell = tellIndex(ports);
  return async (): Promise<number> => {
    const waiting = await byIndex(ports, await ports.images.heldOutbox(batchSize));
    const ends = await Promise.allSettled(waiting.map(({ index, platforms }) => tell(index, platforms)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return waiting.length;
  };
};

/** The oldest; they are told within ten minutes and make room. */
const batchSize = 200;

async function byIndex({ images }: Pick<TellIndexPorts, "images">, entries: readonly AlertEntry[]) {
  const indexes = new Map<ImageId, { readonly index: ImageReference; readonly platforms: ImageId[] }>();
  for (const { image, heldFor } of entries) {
    const record = (await images.read(image))?.value;
    if (record === undefined || heldFor === undefined) continue;
    const index = { ...record.image, digest: heldFor };
    const known = indexes.get(imageId(index)) ?? { index, platforms: [] };
    indexes.set(imageId(index), known);
    known.platforms.push(image);
  }
  return [...indexes.values()];
}
