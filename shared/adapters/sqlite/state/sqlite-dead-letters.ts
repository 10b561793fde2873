import { randomUUID } from "node:crypto";
import * as z from "zod";

import { contentId } from "../../../domain/content-id.ts";
import { cutText } from "../../../domain/cut-text.ts";
import {
  parseStoredDeadLetter,
  parseStoredDeadLetterHead,
  toStoredDeadLetter,
} from "../../../messages/stored-dead-letter.ts";
import { assertStorable } from "../../../messages/stored-limits.ts";
import type { DeadLetter, DeadLetters, KeptDeadLetter } from "../../../ports/dead-letters.ts";
import type { GroupCommit } from "../commit-together.ts";
import { parseCursor } from "../image-store/cursor.ts";
import { rowsForPage, toPage } from "../image-store/page.ts";
import { textOf } from "../image-store/text-of.ts";
import type { Database } from "../open-database.ts";
import { toEtag, toVersion } from "../etags.ts";

export function sqliteDeadLetters(database: Database, commits: GroupCommit): DeadLetters {
  const readNow = (id: string) => {
    const row = database.get("SELECT version, document FROM dead_letters WHERE id = ?", id);
    return (
      row && { value: parseStoredDeadLetter(JSON.parse(textOf(row, "document"))), etag: toEtag(textOf(row, "version")) }
    );
  };
  return {
    add: async (letter, at) => {
      const first = firstOfItsKind(letter, at);
      await commits.transact(() => {
        const known = readNow(first.id)?.value;
        const kept =
          known === undefined ? first : { ...known, detail: first.detail, lastAt: at, count: known.count + 1 };
        const json = JSON.stringify(toStoredDeadLetter(kept));
        assertStorable([{ id: kept.id, json }]);
        database.run(replace, kept.id, randomUUID(), json);
      });
    },
    list: async ({ source = null, reason = null }, page) => {
      const { lastAt, id } = page.cursor === undefined ? afterAll : parseCursor(Place, page.cursor);
      const rows = database.all(newestFirst, lastAt, id, source, source, reason, reason, rowsForPage(page));
      const heads = rows.map((row) => parseStoredDeadLetterHead(JSON.parse(textOf(row, "document"))));
      return toPage(heads, page, (head) => ({ lastAt: head.lastAt.toISOString(), id: head.id }));
    },
    read: async (id) => readNow(id),
    remove: async (id, etag) =>
      await commits.transact(
        () => database.run("DELETE FROM dead_letters WHERE id = ? AND version = ?", id, toVersion(etag)).changes > 0,
      ),
    removeOlder: async (before, limit) =>
      await commits.transact(() => database.run(removeOldest, before.toISOString(), limit).changes),
  };
}

function firstOfItsKind(letter: DeadLetter, at: Date): KeptDeadLetter {
  const body = cutText(letter.body, longestBody);
  return {
    ...letter,
    id: contentId("dead-letter", letter.source, letter.reason, JSON.stringify(letter.origin), letter.body),
    detail: cutText(letter.detail, longestDetail),
    body,
    firstAt: at,
    lastAt: at,
    count: 1,
    truncated: body.length < letter.body.length,
  };
}

/** The longest message of Service Bus (Standard). As JSON it may be six times as long, and is below 2 MB even then. */
const longestBody = 262_144;

const longestDetail = 4096;

const replace = `
  INSERT INTO dead_letters (id, version, document) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET version = excluded.version, document = excluded.document`;

const newestFirst = `
  SELECT json_remove(document, '$.body') AS document FROM dead_letters
  WHERE (last_at, id) < (?, ?) AND (? IS NULL OR source = ?) AND (? IS NULL OR reason = ?)
  ORDER BY last_at DESC, id DESC LIMIT ?`;

const removeOldest = `
  DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters WHERE last_at < ? ORDER BY last_at LIMIT ?)`;

const Place = z.object({ lastAt: z.string(), id: z.string() });

const afterAll = { lastAt: "~", id: "" };
