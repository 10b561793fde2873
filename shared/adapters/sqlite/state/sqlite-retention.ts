import { toStoredHistoryEntry } from "../../../messages/stored-history.ts";
import { assertStorable } from "../../../messages/stored-limits.ts";
import type { StateRetention } from "../../../ports/state-retention.ts";
import type { GroupCommit } from "../commit-together.ts";
import { storedImage } from "../image-store/image-records.ts";
import { textOf } from "../image-store/text-of.ts";
import type { Database } from "../open-database.ts";
import { toVersion } from "../etags.ts";

export function sqliteRetention(database: Database, commits: GroupCommit): StateRetention {
  return {
    listGone: async (before, limit) => database.all(goneImages, before.toISOString(), limit).map(storedImage),
    removeImage: async (image, etag) =>
      await commits.transact(() => {
        if (database.get(removable, image, toVersion(etag)) === undefined) return false;
        for (const sql of removeAllOf) database.run(sql, image);
        return true;
      }),
    listLongHistories: async (before, limit) =>
      database.all(longHistories, before.toISOString(), limit).map((row) => textOf(row, "image")),
    replaceHistory: async (summedUp, entries) => {
      const json = JSON.stringify(toStoredHistoryEntry(summedUp));
      // Two operations on each of them, as one batch of Cosmos DB would have.
      assertStorable([{ id: summedUp.id, json }, ...entries.map((id) => ({ id, json: "" }))]);
      return await commits.transact(() => {
        const { image } = summedUp;
        if (!entries.every((id) => database.get(hasEntry, image, id))) return false;
        for (const id of entries) for (const sql of [removeEntry, removeTransitions]) database.run(sql, image, id);
        database.run("INSERT INTO history (document) VALUES (?) ON CONFLICT (image, id) DO NOTHING", json);
        return true;
      });
    },
    pointedAt: async (scans) => new Set(scans.filter((scan) => database.get(pointsAt, scan) !== undefined)),
    isToBeTold: async (blob) => database.get(toBeTold, blob) !== undefined,
  };
}

const nothingToTell = "NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.image = images.id)";

const goneImages = `
  SELECT version, document FROM images
  WHERE state = 'gone' AND document ->> '$.state.since' < ? AND ${nothingToTell} LIMIT ?`;

const removable = `SELECT 1 FROM images WHERE id = ? AND version = ? AND state = 'gone' AND ${nothingToTell}`;

const removeAllOf = [
  `DELETE FROM image_tags WHERE (tag, registry, repository, digest) IN (
     SELECT value, registry, repository, digest FROM images, json_each(images.tags) WHERE images.id = ?)`,
  "DELETE FROM scans WHERE image = ?",
  "DELETE FROM transition_chunks WHERE image = ?",
  "DELETE FROM history WHERE image = ?",
  "DELETE FROM images WHERE id = ?",
];

const longHistories = "SELECT image FROM history WHERE at < ? GROUP BY image HAVING count(*) > 1 LIMIT ?";

const hasEntry = "SELECT 1 FROM history WHERE image = ? AND id = ?";
const removeEntry = "DELETE FROM history WHERE image = ? AND id = ?";
const removeTransitions = "DELETE FROM transition_chunks WHERE image = ? AND entry = ?";

const pointsAt = "SELECT 1 FROM images WHERE document ->> '$.scan.id' = ? AND state <> 'gone'";

const toBeTold = "SELECT 1 FROM outbox WHERE document ->> '$.blob' = ?";
