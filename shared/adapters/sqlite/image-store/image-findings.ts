import { setImmediate } from "node:timers/promises";

import type { Finding } from "../../../domain/finding.ts";
import type { ImageId } from "../../../domain/image-record.ts";
import type { ScanId } from "../../../domain/scan-report.ts";
import {
  chunkFindings,
  parseStoredFindings,
  vulnerabilityNames,
  type FindingsChunk,
} from "../../../messages/stored-findings.ts";
import { assertStorable } from "../../../messages/stored-limits.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";
import { textOf } from "./text-of.ts";

/** One transaction for each chunk, so that a scan with many findings does not hold up other writers. */
export function imageFindings(
  database: Database,
  commits: GroupCommit,
): Pick<ImageStore, "saveFindings" | "readFindings" | "removeFindings"> {
  return {
    saveFindings: async (image, scan, findings) => {
      let chunks = 0;
      let saved: Promise<void> | undefined;
      for (const chunk of chunkFindings(scan, findings)) {
        const json = JSON.stringify(chunk);
        assertStorable([{ id: `${scan}-${chunk.ordinal}`, json }]);
        await saved;
        saved = commits.transact(() => saveChunk(database, image, chunk, json));
        chunks += 1;
      }
      // With the last chunk in one transaction.
      await Promise.all([saved, commits.transact(() => database.run(removeChunksFrom, chunks, image, scan))]);
    },
    readFindings: async (image, scan) => {
      const findings: Finding[] = [];
      for (const row of database.all(readChunks, image, scan)) {
        for (const finding of parseStoredFindings(JSON.parse(textOf(row, "document")))) findings.push(finding);
        await setImmediate();
      }
      return findings;
    },
    removeFindings: async (image, scan) => {
      await commits.transact(() => database.run("DELETE FROM scans WHERE image = ? AND id = ?", image, scan));
    },
  };
}

function saveChunk(database: Database, image: ImageId, chunk: FindingsChunk, json: string): void {
  const scan = scanNumber(database, image, chunk.scan);
  database.run("DELETE FROM finding_chunks WHERE scan = ? AND ordinal = ?", scan, chunk.ordinal);
  database.run("INSERT INTO finding_chunks (scan, ordinal, document) VALUES (?, ?, ?)", scan, chunk.ordinal, json);
  for (const [position, finding] of chunk.findings.entries())
    for (const name of vulnerabilityNames(finding)) {
      database.run("INSERT INTO vulnerabilities (name) VALUES (?) ON CONFLICT DO NOTHING", name);
      database.run(addAffected, scan, chunk.ordinal, position, name);
    }
}

function scanNumber(database: Database, image: ImageId, scan: ScanId): number {
  database.run("INSERT INTO scans (image, id) VALUES (?, ?) ON CONFLICT DO NOTHING", image, scan);
  return Number(database.get("SELECT number FROM scans WHERE image = ? AND id = ?", image, scan)?.["number"]);
}

const addAffected =
  "INSERT INTO affected (vulnerability, scan, ordinal, position) SELECT number, ?, ?, ? FROM vulnerabilities WHERE name = ?";

const removeChunksFrom =
  "DELETE FROM finding_chunks WHERE ordinal >= ? AND scan = (SELECT number FROM scans WHERE image = ? AND id = ?)";

const readChunks = `
  SELECT document FROM finding_chunks
  WHERE scan = (SELECT number FROM scans WHERE image = ? AND id = ?)
  ORDER BY ordinal`;
