import type { OutboxEntry } from "../../../domain/outbox-entry.ts";
import { parseStoredOutboxEntry } from "../../../messages/stored-outbox-entry.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database, Row } from "../open-database.ts";
import { textOf } from "./text-of.ts";

/** Entries get in, and are replaced, with the record that they are about: see image-records.ts. */
export function imageOutbox(
  database: Database,
  commits: GroupCommit,
): Pick<ImageStore, "pendingOutbox" | "heldOutbox" | "removeOutbox"> {
  return {
    pendingOutbox: async (limit, image) => {
      const rows = image === undefined ? database.all(pending, limit) : database.all(pendingOfImage, image, limit);
      return rows.map(parseEntry);
    },
    heldOutbox: async (limit, image) => {
      const rows = image === undefined ? database.all(held, limit) : database.all(heldOfImage, image, limit);
      return rows.map(parseEntry).filter((entry) => entry.kind !== "sbom");
    },
    removeOutbox: async (entries) => {
      if (entries.length === 0) return;
      await commits.transact(() => {
        for (const { image, id } of entries) database.run("DELETE FROM outbox WHERE image = ? AND id = ?", image, id);
      });
    },
  };
}

function parseEntry(row: Row): OutboxEntry {
  return parseStoredOutboxEntry(JSON.parse(textOf(row, "document")));
}

const pending = "SELECT document FROM outbox WHERE held IS NULL ORDER BY created_at, sequence LIMIT ?";

const pendingOfImage = `
  SELECT document FROM outbox WHERE image = ? AND held IS NULL ORDER BY created_at, sequence LIMIT ?`;

const held = "SELECT document FROM outbox WHERE held IS NOT NULL ORDER BY created_at, sequence LIMIT ?";

const heldOfImage = `
  SELECT document FROM outbox WHERE image = ? AND held IS NOT NULL ORDER BY created_at, sequence LIMIT ?`;
