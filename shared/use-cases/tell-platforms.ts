import { imageId, type ImageId } from "../domain/image-record.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import type { AlertEntry } from "../domain/outbox-entry.ts";
import { firstRequest } from "../domain/scan-request.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import { releaseHeld } from "./release-held.ts";
import { tellIndex, type TellIndexPorts } from "./tell-index.ts";

export interface TellIndexesOfPorts extends TellIndexPorts {
  readonly scanRequests: ScanRequests;
}

/**
 * After an image was settled, in whatever way: tells the indexes for which it may have been the last platform. Asks to be
 * called again when the image waits for an index.
 */
export const tellIndexesOf = (ports: TellIndexesOfPorts) => {
  const tell = tellIndex(ports);
  const release = releaseHeld(ports);
  return async (image: ImageReference): Promise<void> => {
    const again = await release(imageId(image));
    const record = (await ports.images.read(imageId(image)))?.value;
    if (record === undefined) return;
    // Its scan has answered this request already, so all that it leads to is this.
    if (again !== undefined && record.scan !== undefined)
      await ports.scanRequests.send([firstRequest(image, "due", record.scan.scannedAt)], again);
    if (record.state.kind === "expanded") await tell(image);
    const newest = record.indexes.at(-1);
    if (newest === undefined) return;
    const held = await ports.images.heldOutbox(10, record.id);
    for (const digest of new Set([...held.flatMap(indexOf), newest])) await tell({ ...image, digest }, [record.id]);
  };
};

/**
 * For a timer: tells what has been held back for long enough, and what an interruption left. An image that cannot be
 * told does not hold up the others; then it rejects. Resolves to the number of images that were looked at.
 */
export const tellHeld = (ports: TellIndexPorts) => {
  const tell = tellIndex(ports);
  const release = releaseHeld(ports);
  return async (): Promise<number> => {
    const held = await ports.images.heldOutbox(batchSize);
    const single = new Set(held.filter((entry) => entry.held?.kind === "forItself").map(({ image }) => image));
    const indexes = await byIndex(ports, held);
    const ends = await Promise.allSettled([
      ...[...single].map((image) => release(image)),
      ...indexes.map(({ index, platforms }) => tell(index, platforms)),
    ]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return ends.length;
  };
};

/** The oldest; they are told within ten minutes and make room. */
const batchSize = 200;

function indexOf({ held }: AlertEntry) {
  return held?.kind === "forIndex" ? [held.index] : [];
}

async function byIndex({ images }: Pick<TellIndexPorts, "images">, entries: readonly AlertEntry[]) {
  const indexes = new Map<ImageId, { readonly index: ImageReference; readonly platforms: ImageId[] }>();
  for (const entry of entries)
    for (const digest of indexOf(entry)) {
      const record = (await images.read(entry.image))?.value;
      if (record === undefined) continue;
      const index = { ...record.image, digest };
      const known = indexes.get(imageId(index)) ?? { index, platforms: [] };
      indexes.set(imageId(index), known);
      known.platforms.push(entry.image);
    }
  return [...indexes.values()];
}
