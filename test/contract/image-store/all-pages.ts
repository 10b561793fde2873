import type { Page, PageRequest } from "../../../shared/ports/image-store.ts";

/** The items of all pages, one after the other. */
export async function allPages<T>(
  readPage: (page: PageRequest) => Promise<Page<T>>,
  limit: number,
): Promise<readonly T[]> {
  const items: T[] = [];
  let page = await readPage({ limit });
  items.push(...page.items);
  while (page.next !== undefined) {
    page = await readPage({ limit, cursor: page.next });
    items.push(...page.items);
  }
  return items;
}
