import { setImmediate } from "node:timers/promises";

import type { FindingsId, ImageId } from "../../../domain/image-record.ts";
import type { TrackedFinding } from "../../../domain/tracked-finding.ts";
import {
  chunkFindings,
  parseStoredFindings,
  vulnerabilityNames,
  type FindingsChunk,
} from "../../../messages/stored-findings.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";
import { saveChunks } from "./save-chunks.ts";
import { textOf } from "./text-of.ts";

export function imageFindings(
  database: Database,
  commits: GroupCommit,
): Pick<ImageStore, "saveFindings" | "readFindings" | "removeFindings"> {
  return {
    saveFindings: (image, id, findings) =>
      saveChunks(commits, id, chunkFindings(id, findings), {
        save: (chunk) => saveChunk(database, image, chunk),
        removeFrom: (ordinal) => database.run(removeChunksFrom, ordinal, image, id),
      }),
    readFindings: async (image, id) => {
      const findings: TrackedFinding[] = [];
      for (const row of database.all(readChunks, image, id)) {
        for (const finding of parseStoredFindings(JSON.parse(textOf(row, "document")))) findings.push(finding);
        await setImmediate();
      }
      return findings;
    },
    removeFindings: async (image, id) => {
      await commits.transact(() => database.run("DELETE FROM scans WHERE image = ? AND id = ?", image, id));
    },
  };
}

function saveChunk(database: Database, image: ImageId, chunk: FindingsChunk): void {
  const set = setNumber(database, image, chunk.set);
  database.run("DELETE FROM finding_chunks WHERE scan = ? AND ordinal = ?", set, chunk.ordinal);
  database.run(
    "INSERT INTO finding_chunks (scan, ordinal, document) VALUES (?, ?, ?)",
    set,
    chunk.ordinal,
    chunk.document,
  );
  for (const [position, finding] of chunk.findings.entries())
    for (const name of vulnerabilityNames(finding)) {
      database.run("INSERT INTO vulnerabilities (name) VALUES (?) ON CONFLICT DO NOTHING", name);
      database.run(addAffected, set, chunk.ordinal, position, name);
    }
}

/** The table is called scans since its sets were once those of scans only. */
function setNumber(database: Database, image: ImageId, id: FindingsId): number {
  database.run(addSet, image, id, new Date().toISOString());
  return Number(database.get("SELECT number FROM scans WHERE image = ? AND id = ?", image, id)?.["number"]);
}

const addSet =
  "INSERT INTO scans (image, id, saved_at) VALUES (?, ?, ?) ON CONFLICT (image, id) DO UPDATE SET saved_at = excluded.saved_at";

const addAffected =
  "INSERT INTO affected (vulnerability, scan, ordinal, position) SELECT number, ?, ?, ? FROM vulnerabilities WHERE name = ?";

const removeChunksFrom =
  "DELETE FROM finding_chunks WHERE ordinal >= ? AND scan = (SELECT number FROM scans WHERE image = ? AND id = ?)";

const readChunks = `
  SELECT document FROM finding_chunks
  WHERE scan = (SELECT number FROM scans WHERE image = ? AND id = ?)
  ORDER BY ordinal`;
