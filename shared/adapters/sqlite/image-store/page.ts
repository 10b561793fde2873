import type { Page, PageRequest } from "../../../ports/image-store.ts";
import { formatCursor } from "./cursor.ts";

/** How many rows to ask for: one more than fits, which tells whether this is the last page. */
export function rowsForPage({ limit }: PageRequest): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new RangeError(`A page has a limit of 1 to 500, not ${limit}.`);
  return limit + 1;
}

/** @param items as many as {@link rowsForPage} said, or fewer when there are no more */
export function toPage<T>(items: readonly T[], { limit }: PageRequest, placeOf: (item: T) => object): Page<T> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return last === undefined || items.length <= limit
    ? { items: shown }
    : { items: shown, next: formatCursor(placeOf(last)) };
}
