import type { Page, PageRequest } from "../ports/image-store.ts";

/** What a list holds, page after page. The next page is asked for when the one before is done with. */
export async function* everyItem<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  pageSize: number,
): AsyncGenerator<T, void, undefined> {
  for await (const items of everyPage(list, pageSize)) yield* items;
}

/** For what is done to a page at a time. */
export async function* everyPage<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  pageSize: number,
): AsyncGenerator<readonly T[], void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await list({ limit: pageSize, cursor });
    yield page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}
