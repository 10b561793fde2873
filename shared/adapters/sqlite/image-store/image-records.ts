import { randomUUID } from "node:crypto";

import type { ImageRecord } from "../../../domain/image-record.ts";
import type { OutboxEntry } from "../../../domain/outbox-entry.ts";
import { toStoredHistoryEntry } from "../../../messages/stored-history.ts";
import { parseStoredImage, toStoredImage } from "../../../messages/stored-image.ts";
import { assertStorable, assertSamePartition } from "../../../messages/stored-limits.ts";
import { toStoredOutboxEntry } from "../../../messages/stored-outbox-entry.ts";
import type { ImageStore, Stored } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import { toEtag, toVersion } from "../etags.ts";
import type { Database, Row } from "../open-database.ts";
import { textOf } from "./text-of.ts";

export function imageRecords(database: Database, commits: GroupCommit): Pick<ImageStore, "read" | "write"> {
  return {
    read: async (id) => {
      const row = database.get("SELECT version, document FROM images WHERE id = ?", id);
      return row && storedImage(row);
    },
    write: async (record, expected, { outbox = [], replaced = [], history } = {}) => {
      const head = { id: record.id, json: JSON.stringify(toStoredImage(record)) };
      const entries = outbox.map(storedEntry);
      const changed = replaced.map(storedEntry);
      const past =
        history === undefined ? [] : [{ id: history.id, json: JSON.stringify(toStoredHistoryEntry(history)) }];
      assertSamePartition(record, [...outbox, ...replaced, ...(history ? [history] : [])]);
      assertStorable([head, ...past, ...entries, ...changed]);
      const version = randomUUID();

      return await commits.transact(() => {
        if (!changed.every(({ id }) => database.get(isInOutbox, head.id, id))) return { kind: "conflict" };
        const { changes } =
          expected === "new"
            ? database.run(insert, head.id, version, head.json)
            : database.run(update, version, head.json, head.id, toVersion(expected));
        if (changes === 0) return { kind: "conflict" };
        for (const { json } of past) database.run(addToHistory, json);
        for (const { json } of entries) database.run(addToOutbox, json);
        for (const { id, json } of changed) database.run(replaceInOutbox, json, head.id, id);
        return { kind: "written", etag: toEtag(version) };
      });
    },
  };
}

function storedEntry(entry: OutboxEntry) {
  return { id: entry.id, json: JSON.stringify(toStoredOutboxEntry(entry)) };
}

export function storedImage(row: Row): Stored<ImageRecord> {
  return { value: parseImage(row), etag: toEtag(textOf(row, "version")) };
}

export function parseImage(row: Row): ImageRecord {
  return parseStoredImage(JSON.parse(textOf(row, "document")));
}

const insert = "INSERT INTO images (id, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

const update = "UPDATE images SET version = ?, document = ? WHERE id = ? AND version = ?";

const addToHistory = "INSERT INTO history (document) VALUES (?) ON CONFLICT (image, id) DO NOTHING";

const addToOutbox = "INSERT INTO outbox (document) VALUES (?) ON CONFLICT (image, id) DO NOTHING";

const isInOutbox = "SELECT 1 FROM outbox WHERE image = ? AND id = ?";

const replaceInOutbox = "UPDATE outbox SET document = ? WHERE image = ? AND id = ?";
