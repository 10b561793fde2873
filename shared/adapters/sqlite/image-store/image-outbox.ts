import { parseStoredOutboxEntry } from "../../../messages/stored-outbox-entry.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";
import { textOf } from "./text-of.ts";

/** Entries get in with the record that they are about: see image-records.ts. */
export function imageOutbox(
  database: Database,
  commits: GroupCommit,
): Pick<ImageStore, "pendingOutbox" | "removeOutbox"> {
  return {
    pendingOutbox: async (limit, image) => {
      const rows = image === undefined ? database.all(oldest, limit) : database.all(oldestOfImage, image, limit);
      return rows.map((row) => parseStoredOutboxEntry(JSON.parse(textOf(row, "document"))));
    },
    removeOutbox: async (entries) => {
      if (entries.length === 0) return;
      await commits.transact(() => {
        for (const { image, id } of entries) database.run("DELETE FROM outbox WHERE image = ? AND id = ?", image, id);
      });
    },
  };
}

const oldest = "SELECT document FROM outbox ORDER BY created_at, sequence LIMIT ?";

const oldestOfImage = "SELECT document FROM outbox WHERE image = ? ORDER BY created_at, sequence LIMIT ?";
