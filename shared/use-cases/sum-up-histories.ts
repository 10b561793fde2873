import { sumUpHistory } from "../domain/sum-up-history.ts";
import type { ImageId } from "../domain/image-record.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { StateRetention } from "../ports/state-retention.ts";

export interface SumUpHistoriesPorts {
  readonly images: Pick<ImageStore, "listHistory" | "readTransitions" | "saveTransitions">;
  readonly retention: Pick<StateRetention, "listLongHistories" | "replaceHistory">;
}

/**
 * Puts one entry in the place of those before an instant, image by image, as many images as it may. Resolves to how many
 * entries there are fewer. What an end in between leaves are transitions that no entry points at.
 */
export const sumUpHistories = ({ images, retention }: SumUpHistoriesPorts) => {
  const sumUp = async (image: ImageId, before: Date): Promise<number> => {
    const { items } = await images.listHistory(image, { limit: entriesAtATime });
    const old = items.filter(({ at }) => at < before);
    const changes = await Promise.all(old.map(({ id }) => images.readTransitions(image, id)));
    const summedUp = sumUpHistory(old, changes);
    if (summedUp === undefined || old.length < 2) return 0;
    await images.saveTransitions(image, summedUp.entry.id, summedUp.changes);
    const replaced = await retention.replaceHistory(
      summedUp.entry,
      old.map(({ id }) => id),
    );
    return replaced ? old.length - 1 : 0;
  };

  return async (before: Date, limit: number): Promise<number> => {
    let fewer = 0;
    for (const image of await retention.listLongHistories(before, limit)) fewer += await sumUp(image, before);
    return fewer;
  };
};

/** A batch has room for 100 documents. A longer history takes several runs. */
const entriesAtATime = 90;
