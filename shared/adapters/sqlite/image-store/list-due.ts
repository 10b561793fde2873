import * as z from "zod";

import { lastCheckedAt, type ImageRecord } from "../../../domain/image-record.ts";
import type { ImageStore, Page, PageRequest, Stored } from "../../../ports/image-store.ts";
import type { Database } from "../open-database.ts";
import { parseCursor } from "./cursor.ts";
import { storedImage } from "./image-records.ts";
import { rowsForPage, toPage } from "./page.ts";

export function listDue(
  database: Database,
  { usedSince, checkedUntil }: Parameters<ImageStore["listDue"]>[0],
  page: PageRequest,
): Page<Stored<ImageRecord>> {
  const { checkedAt, id } = page.cursor === undefined ? beforeAll : parseCursor(DuePlace, page.cursor);
  const images = database
    .all(due, checkedUntil.toISOString(), usedSince.toISOString(), checkedAt, id, rowsForPage(page))
    .map(storedImage);
  return toPage(images, page, ({ value }) => ({ checkedAt: lastCheckedAt(value), id: value.id }));
}

// SQLite takes the partial index only when the condition on the state is spelt as in the index, and not by its own choice.
const due = `
  SELECT version, document FROM images INDEXED BY images_by_check
  WHERE state IN ('scanned', 'failed') AND last_checked_at <= ? AND last_used_at >= ? AND (last_checked_at, id) > (?, ?)
  ORDER BY last_checked_at, id LIMIT ?`;

const DuePlace = z.object({ checkedAt: z.string(), id: z.string() });

const beforeAll = { checkedAt: "", id: "" };
