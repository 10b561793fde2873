import { compareText } from "../domain/compare-text.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import {
  InvalidCursorError,
  type ImageFilter,
  type ImageStore,
  type Page,
  type PageRequest,
} from "../ports/image-store.ts";
import { everyItem } from "./every-item.ts";

/** Images that were pushed under a tag, in the order of their last pushes: the newest last. */
export const listTaggedImages =
  (images: Pick<ImageStore, "list">) =>
  async (
    tag: Required<Pick<ImageFilter, "registry" | "repository" | "tag">>,
    page: PageRequest,
  ): Promise<Page<ImageRecord>> => {
    const from = page.cursor === undefined ? "" : readCursor(page.cursor);
    const rest: ImageRecord[] = [];
    for await (const image of everyItem((request) => images.list(tag, request), 500))
      if (place(image) >= from) rest.push(image);
    rest.sort((a, b) => compareText(place(a), place(b)));
    const following = rest[page.limit];
    return { items: rest.slice(0, page.limit), next: following && place(following) };
  };

/** When it was pushed, and what tells two of one instant apart. ISO 8601 in UTC sorts as text. */
function place({ id, lastPushedAt, firstSeenAt }: ImageRecord): string {
  return `${(lastPushedAt ?? firstSeenAt).toISOString()} ${id}`;
}

function readCursor(cursor: string): string {
  if (!/^[\dT:.Z-]{24} [0-9a-f]{32}$/.test(cursor)) throw new InvalidCursorError();
  return cursor;
}
