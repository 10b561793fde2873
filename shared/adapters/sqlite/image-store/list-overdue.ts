import * as z from "zod";

import { expectedUntil, type ImageRecord } from "../../../domain/image-record.ts";
import type { Page, PageRequest, Stored } from "../../../ports/image-store.ts";
import type { Database } from "../open-database.ts";
import { parseCursor } from "./cursor.ts";
import { storedImage } from "./image-records.ts";
import { rowsForPage, toPage } from "./page.ts";

export function listOverdue(database: Database, before: Date, page: PageRequest): Page<Stored<ImageRecord>> {
  const { until, id } = page.cursor === undefined ? beforeAll : parseCursor(OverduePlace, page.cursor);
  const images = database.all(overdue, before.toISOString(), until, id, rowsForPage(page)).map(storedImage);
  return toPage(images, page, ({ value }) => ({ until: expectedUntil(value), id: value.id }));
}

const overdue = `
  SELECT version, document FROM images INDEXED BY images_by_expectation
  WHERE expected_until IS NOT NULL AND expected_until < ? AND (expected_until, id) > (?, ?)
  ORDER BY expected_until, id LIMIT ?`;

const OverduePlace = z.object({ until: z.string(), id: z.string() });

const beforeAll = { until: "", id: "" };
