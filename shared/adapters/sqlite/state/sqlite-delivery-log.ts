import * as z from "zod";

import { parseStoredDeliveryAttempt, toStoredDeliveryAttempt } from "../../../messages/stored-delivery-attempt.ts";
import type { DeliveryLog } from "../../../ports/delivery-log.ts";
import type { GroupCommit } from "../commit-together.ts";
import { parseCursor } from "../image-store/cursor.ts";
import { rowsForPage, toPage } from "../image-store/page.ts";
import { textOf } from "../image-store/text-of.ts";
import type { Database } from "../open-database.ts";

/** @param maximum how many attempts are kept */
export function sqliteDeliveryLog(database: Database, commits: GroupCommit, maximum = 100_000): DeliveryLog {
  return {
    add: async (attempt) => {
      const json = JSON.stringify(toStoredDeliveryAttempt(attempt));
      await commits.transact(() => {
        const { lastInsertRowid } = database.run("INSERT INTO delivery_attempts (document) VALUES (?)", json);
        database.run("DELETE FROM delivery_attempts WHERE sequence <= ?", lastInsertRowid - maximum);
      });
    },
    list: async ({ subscriber, alertId }, page) => {
      const { sequence } = page.cursor === undefined ? afterAll : parseCursor(Place, page.cursor);
      const rows =
        alertId === undefined
          ? database.all(ofSubscriber, subscriber, sequence, rowsForPage(page))
          : database.all(ofAlert, subscriber, alertId, sequence, rowsForPage(page));
      const { items, next } = toPage(rows, page, (row) => ({ sequence: Number(row["sequence"]) }));
      return { items: items.map((row) => parseStoredDeliveryAttempt(JSON.parse(textOf(row, "document")))), next };
    },
    removeOlder: async (before, limit) =>
      await commits.transact(() => database.run(removeOldest, before.toISOString(), limit).changes),
  };
}

const ofSubscriber = `
  SELECT sequence, document FROM delivery_attempts
  WHERE subscriber = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`;

const ofAlert = `
  SELECT sequence, document FROM delivery_attempts INDEXED BY delivery_attempts_by_alert
  WHERE subscriber = ? AND alert = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`;

const removeOldest = `
  DELETE FROM delivery_attempts
  WHERE sequence IN (SELECT sequence FROM delivery_attempts WHERE at < ? ORDER BY at LIMIT ?)`;

const Place = z.object({ sequence: z.int() });

const afterAll = { sequence: Number.MAX_SAFE_INTEGER };
