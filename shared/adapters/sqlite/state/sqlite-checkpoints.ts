import { randomUUID } from "node:crypto";

import { parseStoredCheckpoint, toStoredCheckpoint } from "../../../messages/stored-checkpoint.ts";
import { assertStorable } from "../../../messages/stored-limits.ts";
import type { Checkpoints } from "../../../ports/checkpoints.ts";
import type { GroupCommit } from "../commit-together.ts";
import { textOf } from "../image-store/text-of.ts";
import type { Database } from "../open-database.ts";
import { toEtag, toVersion } from "../etags.ts";

/** On the database of the images: see image-store/sqlite-image-store.ts. */
export function sqliteCheckpoints(database: Database, commits: GroupCommit): Checkpoints {
  return {
    read: async (name) => {
      const row = database.get("SELECT version, document FROM checkpoints WHERE name = ?", checked(name));
      return (
        row && {
          value: parseStoredCheckpoint(JSON.parse(textOf(row, "document")), name),
          etag: toEtag(textOf(row, "version")),
        }
      );
    },
    write: async (name, value, expected) => {
      const json = JSON.stringify(toStoredCheckpoint(value));
      assertStorable([{ id: checked(name), json }]);
      const version = randomUUID();

      return await commits.transact(() => {
        const { changes } =
          expected === "new"
            ? database.run(insert, name, version, json)
            : database.run(update, version, json, name, toVersion(expected));
        return changes === 0 ? { kind: "conflict" } : { kind: "written", etag: toEtag(version) };
      });
    },
  };
}

const insert = "INSERT INTO checkpoints (name, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

const update = "UPDATE checkpoints SET version = ?, document = ? WHERE name = ? AND version = ?";

function checked(name: string): string {
  if (!/^[a-z0-9.-]{1,128}$/.test(name))
    throw new RangeError(`Not a name of a checkpoint: ${JSON.stringify(name.slice(0, 200))}.`);
  return name;
}
