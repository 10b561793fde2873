import { randomUUID } from "node:crypto";

import { parseStoredExemption, toStoredExemption } from "../../../messages/stored-exemption.ts";
import { assertStorable } from "../../../messages/stored-limits.ts";
import type { ExemptionStore, KeptExemption } from "../../../ports/exemption-store.ts";
import type { Stored } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import { textOf } from "../image-store/text-of.ts";
import type { Database } from "../open-database.ts";
import { toEtag, toVersion } from "../etags.ts";

/** On the database of the images. Keeps the list in memory: no other process writes it. */
export function sqliteExemptionStore(database: Database, commits: GroupCommit): ExemptionStore {
  let list: readonly Stored<KeptExemption>[] | undefined;
  const writing = async <T>(write: () => T): Promise<T> => {
    try {
      return await commits.transact(write);
    } finally {
      list = undefined;
    }
  };
  return {
    list: async () => (list ??= database.all(all).map(toKept)),
    put: async (kept, expected) => {
      const { id } = kept.exemption;
      const json = toJson(kept);
      const version = randomUUID();
      return await writing(() => {
        const { changes } =
          expected === "new"
            ? database.run(insert, id, version, kept.document ?? null, json)
            : database.run(update, version, kept.document ?? null, json, id, toVersion(expected));
        return changes === 0 ? { kind: "conflict" } : { kind: "written", etag: toEtag(version) };
      });
    },
    remove: async (id, expected) =>
      await writing(
        () => database.run("DELETE FROM exemptions WHERE id = ? AND version = ?", id, toVersion(expected)).changes > 0,
      ),
    replaceDocument: async (document, kept) => {
      const rows = kept.map((each) => ({ id: each.exemption.id, json: toJson(each) }));
      await writing(() => {
        database.run("DELETE FROM exemptions WHERE source_document = ?", document);
        for (const { id, json } of rows) database.run(replace, id, randomUUID(), document, json);
      });
    },
  };
}

/** Beside state-tables.ts: a part of the migrations of state.db. */
export const exemptionTables = `
  CREATE TABLE exemptions (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    source_document TEXT,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX exemptions_by_source_document ON exemptions (source_document) WHERE source_document IS NOT NULL;
`;

const all = "SELECT id, version, document FROM exemptions ORDER BY id";

const insert =
  "INSERT INTO exemptions (id, version, source_document, document) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";

const replace = "INSERT OR REPLACE INTO exemptions (id, version, source_document, document) VALUES (?, ?, ?, ?)";

const update = "UPDATE exemptions SET version = ?, source_document = ?, document = ? WHERE id = ? AND version = ?";

function toKept(row: ReturnType<Database["all"]>[number]): Stored<KeptExemption> {
  const value = parseStoredExemption(JSON.parse(textOf(row, "document")), textOf(row, "id"));
  return { value, etag: toEtag(textOf(row, "version")) };
}

function toJson(kept: KeptExemption): string {
  const json = JSON.stringify(toStoredExemption(kept));
  assertStorable([{ id: kept.exemption.id, json }]);
  return json;
}
