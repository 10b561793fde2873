import type { OutboxEntry } from "../../../domain/outbox-entry.ts";
import { parseStoredOutboxEntry } from "../../../messages/stored-outbox-entry.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database, Row } from "../open-database.ts";
import { textOf } from "./text-of.ts";

/** Entries get in with the record that they are about: see image-records.ts. */
export function imageOutbox(
  database: Database,
  commits: GroupCommit,
): Pick<ImageStore, "pendingOutbox" | "markPublished" | "heldOutbox" | "deleteHeld"> {
  const remove = ({ image, id }: OutboxEntry) =>
    database.run("DELETE FROM outbox WHERE image = ? AND id = ?", image, id);

  return {
    pendingOutbox: async (limit, image) => {
      const rows = image === undefined ? database.all(pending, limit) : database.all(pendingOfImage, image, limit);
      return rows.map(parseEntry);
    },
    markPublished: async (entries, publishedAt) => {
      if (entries.length === 0) return;
      await commits.transact(() => {
        for (const entry of entries) {
          if (entry.kind === "sbom") remove(entry);
          else database.run(markPublished, publishedAt.toISOString(), entry.image, entry.id);
        }
      });
    },
    heldOutbox: async (limit, image) => {
      const rows = image === undefined ? database.all(held, limit) : database.all(heldOfImage, image, limit);
      return rows.map(parseEntry).filter((entry) => entry.kind !== "sbom");
    },
    deleteHeld: async (entries) => {
      if (entries.length === 0) return;
      await commits.transact(() => entries.forEach(remove));
    },
  };
}

function parseEntry(row: Row): OutboxEntry {
  return parseStoredOutboxEntry(JSON.parse(textOf(row, "document")));
}

const pending = `
  SELECT document FROM outbox WHERE published_at IS NULL AND held_for IS NULL ORDER BY created_at, sequence LIMIT ?`;

const pendingOfImage = `
  SELECT document FROM outbox WHERE image = ? AND published_at IS NULL AND held_for IS NULL
  ORDER BY created_at, sequence LIMIT ?`;

const markPublished = "UPDATE outbox SET published_at = ? WHERE image = ? AND id = ? AND published_at IS NULL";

const held = "SELECT document FROM outbox WHERE held_for IS NOT NULL ORDER BY created_at, sequence LIMIT ?";

const heldOfImage = `
  SELECT document FROM outbox WHERE image = ? AND published_at IS NULL AND held_for IS NOT NULL
  ORDER BY created_at, sequence LIMIT ?`;
