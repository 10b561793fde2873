import type { ImageRecord } from "../domain/image-record.ts";
import {
  InvalidCursorError,
  type ImageFilter,
  type ImageStore,
  type Page,
  type PageRequest,
} from "../ports/image-store.ts";

/** Images that were pushed under a tag, in the order of their last pushes: the newest last. */
export const listTaggedImages =
  (images: Pick<ImageStore, "list">) =>
  async (
    tag: Required<Pick<ImageFilter, "registry" | "repository" | "tag">>,
    page: PageRequest,
  ): Promise<Page<ImageRecord>> => {
    const from = page.cursor === undefined ? "" : readCursor(page.cursor);
    const rest = (await everyImage(images, tag)).filter((image) => place(image) >= from);
    rest.sort((a, b) => (place(a) < place(b) ? -1 : 1));
    const following = rest[page.limit];
    return { items: rest.slice(0, page.limit), next: following && place(following) };
  };

async function everyImage(images: Pick<ImageStore, "list">, filter: ImageFilter): Promise<readonly ImageRecord[]> {
  const all: ImageRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await images.list(filter, { limit: 500, cursor });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}

/** When it was pushed, and what tells two of one instant apart. ISO 8601 in UTC sorts as text. */
function place({ id, lastPushedAt, firstSeenAt }: ImageRecord): string {
  return `${(lastPushedAt ?? firstSeenAt).toISOString()} ${id}`;
}

function readCursor(cursor: string): string {
  if (!/^[\dT:.Z-]{24} [0-9a-f]{32}$/.test(cursor)) throw new InvalidCursorError();
  return cursor;
}
