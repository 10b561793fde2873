import { expect, it } from "vitest";
import type { Page, PageRequest } from "../../shared/ports/image-store.ts";
import { everyItem } from "../../shared/use-cases/every-item.ts";

it("gives the items of all pages in their order", async () => {
  const { list } = listOf(7);

  const given: number[] = [];
  for await (const item of everyItem(list, 3)) given.push(item);

  expect(given).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

it("asks for no page beyond the one in which its reader stops", async () => {
  const { list, asked } = listOf(7);

  for await (const item of everyItem(list, 3)) if (item === 4) break;

  expect(asked).toEqual([
    { limit: 3, cursor: undefined },
    { limit: 3, cursor: "3" },
  ]);
});

function listOf(total: number) {
  const asked: PageRequest[] = [];
  const list = async (page: PageRequest): Promise<Page<number>> => {
    asked.push(page);
    const start = Number(page.cursor ?? 0);
    const end = Math.min(start + page.limit, total);
    const items = Array.from({ length: end - start }, (_, index) => start + index);
    return Promise.resolve({ items, next: end < total ? String(end) : undefined });
  };
  return { list, asked };
}
