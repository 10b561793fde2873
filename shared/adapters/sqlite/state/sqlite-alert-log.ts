import * as z from "zod";

import { imageId } from "../../../domain/image-record.ts";
import type { AlertLog } from "../../../ports/alert-log.ts";
import type { AlertEvent } from "../../../ports/alert-topic.ts";
import type { GroupCommit } from "../commit-together.ts";
import { parseCursor } from "../image-store/cursor.ts";
import { rowsForPage, toPage } from "../image-store/page.ts";
import { textOf } from "../image-store/text-of.ts";
import type { Database } from "../open-database.ts";

/**
 * Apart from the outbox: in the order of publication, so that who follows the log misses none, with alerts that are about
 * no image, and with every part of an alert that had to be split.
 */
export function sqliteAlertLog(database: Database, commits: GroupCommit): AlertLog {
  const insert = ({ alert, event }: AlertEvent, publishedAt: Date) =>
    database.run(
      add,
      alert.id,
      alert.kind,
      "image" in alert ? imageId(alert.image) : null,
      publishedAt.toISOString(),
      event,
    );

  return {
    add: async (events, publishedAt) => {
      if (events.length > 0) await commits.transact(() => events.forEach((event) => insert(event, publishedAt)));
    },
    list: async ({ image, kind, since }, page) => {
      const { sequence } = page.cursor === undefined ? beforeAll : parseCursor(Place, page.cursor);
      const from = since?.toISOString();
      const conditions = [
        { sql: "sequence > ?", value: sequence },
        ...(image === undefined ? [] : [{ sql: "image = ?", value: image }]),
        ...(kind === undefined ? [] : [{ sql: "kind = ?", value: kind }]),
        ...(from === undefined ? [] : [{ sql: "published_at >= ?", value: from }]),
      ];
      const rows = database.all(
        `SELECT sequence, published_at, event FROM published_alerts
         WHERE ${conditions.map(({ sql }) => sql).join(" AND ")} ORDER BY sequence LIMIT ?`,
        ...conditions.map(({ value }) => value),
        rowsForPage(page),
      );
      const { items, next } = toPage(rows, page, (row) => ({ sequence: Number(row["sequence"]) }));
      return {
        items: items.map((row) => ({
          publishedAt: new Date(textOf(row, "published_at")),
          event: textOf(row, "event"),
        })),
        next,
      };
    },
    removeOlder: async (before, limit) =>
      await commits.transact(() => database.run(removeOldest, before.toISOString(), limit).changes),
  };
}

const add =
  "INSERT INTO published_alerts (id, kind, image, published_at, event) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";

const removeOldest = `
  DELETE FROM published_alerts
  WHERE sequence IN (SELECT sequence FROM published_alerts WHERE published_at < ? ORDER BY published_at LIMIT ?)`;

const Place = z.object({ sequence: z.int() });

const beforeAll = { sequence: 0 };
