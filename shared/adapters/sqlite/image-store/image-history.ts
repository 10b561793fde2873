import { setImmediate } from "node:timers/promises";
import * as z from "zod";

import type { FindingChange } from "../../../domain/finding-changes.ts";
import { chunkTransitions, parseStoredHistoryEntry, parseStoredTransitions } from "../../../messages/stored-history.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";
import { parseCursor } from "./cursor.ts";
import { rowsForPage, toPage } from "./page.ts";
import { saveChunks } from "./save-chunks.ts";
import { textOf } from "./text-of.ts";

/** Entries get in with the record that they are about: see image-records.ts. */
export function imageHistory(
  database: Database,
  commits: GroupCommit,
): Pick<ImageStore, "saveTransitions" | "readTransitions" | "listHistory"> {
  return {
    saveTransitions: (image, entry, changes) =>
      saveChunks(commits, entry, chunkTransitions(entry, changes), {
        save: ({ ordinal, document }) =>
          database.run(saveChunk, image, entry, ordinal, new Date().toISOString(), document),
        removeFrom: (ordinal) => database.run(removeChunksFrom, image, entry, ordinal),
      }),
    readTransitions: async (image, entry) => {
      const changes: FindingChange[] = [];
      for (const row of database.all(readChunks, image, entry)) {
        for (const change of parseStoredTransitions(JSON.parse(textOf(row, "document")))) changes.push(change);
        await setImmediate();
      }
      return changes;
    },
    listHistory: async (image, page) => {
      const { at, id } = page.cursor === undefined ? beforeAll : parseCursor(HistoryPlace, page.cursor);
      const entries = database
        .all(list, image, at, id, rowsForPage(page))
        .map((row) => parseStoredHistoryEntry(JSON.parse(textOf(row, "document"))));
      return toPage(entries, page, (entry) => ({ at: entry.at, id: entry.id }));
    },
  };
}

const saveChunk =
  "INSERT OR REPLACE INTO transition_chunks (image, entry, ordinal, saved_at, document) VALUES (?, ?, ?, ?, ?)";

const removeChunksFrom = "DELETE FROM transition_chunks WHERE image = ? AND entry = ? AND ordinal >= ?";

const readChunks = "SELECT document FROM transition_chunks WHERE image = ? AND entry = ? ORDER BY ordinal";

const list = "SELECT document FROM history WHERE image = ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?";

const HistoryPlace = z.object({ at: z.string(), id: z.string() });

const beforeAll = { at: "", id: "" };
