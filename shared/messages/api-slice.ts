import type { PageRequest } from "../ports/image-store.ts";
import { InvalidMessageError } from "./invalid-message-error.ts";

/**
 * A page of what was read as a whole, so that all pages belong together: a cursor names the whole and the place in it.
 * Throws InvalidMessageError for a cursor of another whole. A page may be asked for with another filter than the last.
 * @param whole names it, without a dot
 * @param isWanted the filter
 */
export function slice<T>(
  { whole, items }: { readonly whole: string; readonly items: readonly T[] },
  page: PageRequest,
  isWanted: (item: T) => boolean = () => true,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const start = positionOf(page.cursor, whole);
  const found = items
    .map((item, position) => ({ item, position }))
    .filter(({ item, position }) => position >= start && isWanted(item));
  const following = found[page.limit];
  return {
    items: found.slice(0, page.limit).map(({ item }) => item),
    next: following && `${whole}.${following.position}`,
  };
}

function positionOf(cursor: string | undefined, whole: string): number {
  if (cursor === undefined) return 0;
  const [id, position] = cursor.split(".");
  if (id !== whole || position === undefined || !/^\d{1,7}$/.test(position))
    throw new InvalidMessageError(
      "The cursor is not one of this list as it is now: the image has been scanned again, or its exemptions are others. Start again without a cursor.",
    );
  return Number(position);
}
