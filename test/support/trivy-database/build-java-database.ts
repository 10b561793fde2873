import { DatabaseSync } from "node:sqlite";
import type { TrivyDatabase } from "./trivy-database.ts";

export interface JavaArtifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  /** Of the archive's bytes, hexadecimal. */
  readonly sha1: string;
  /** `jar` when not given. */
  readonly archiveType?: "jar" | "aar";
}

export interface JavaDatabaseOptions {
  readonly artifacts: readonly JavaArtifact[];
  readonly updatedAt: Date;
  /** Three days after {@link updatedAt} when not given, as at the official one. */
  readonly nextUpdate?: Date;
}

/** By this Trivy names a jar that does not say what it is; an image with any jar cannot be scanned without one. */
export function buildJavaDatabase(options: JavaDatabaseOptions): TrivyDatabase {
  const { artifacts, updatedAt, nextUpdate } = options;
  return {
    kind: "java",
    content: sqliteFile(artifacts),
    updatedAt,
    nextUpdate: nextUpdate ?? new Date(updatedAt.getTime() + 3 * DAY_MS),
  };
}

const DAY_MS = 24 * 60 * 60_000;

function sqliteFile(artifacts: readonly JavaArtifact[]): Buffer {
  const database = new DatabaseSync(":memory:");
  try {
    fill(database, artifacts);
    return Buffer.from(database.serialize());
  } finally {
    database.close();
  }
}

function fill(database: DatabaseSync, artifacts: readonly JavaArtifact[]): void {
  database.exec(SCHEMA);
  const addArtifact = database.prepare("INSERT OR IGNORE INTO artifacts(group_id, artifact_id) VALUES (?, ?)");
  const addVersion = database.prepare(
    `INSERT INTO indices(artifact_id, version, sha1, archive_type)
     SELECT id, ?, ?, ? FROM artifacts WHERE group_id = ? AND artifact_id = ?`,
  );
  database.exec("BEGIN");
  for (const { groupId, artifactId, version, sha1, archiveType = "jar" } of artifacts) {
    addArtifact.run(groupId, artifactId);
    addVersion.run(version, Buffer.from(sha1, "hex"), archiveType, groupId, artifactId);
  }
  database.exec("COMMIT");
}

/** From pkg/db/db.go of trivy-java-db, schema 1. */
const SCHEMA = `
CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);
CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT,
  foreign key (artifact_id) references artifacts(id));
CREATE UNIQUE INDEX artifacts_idx ON artifacts(artifact_id, group_id);
CREATE INDEX indices_artifact_idx ON indices(artifact_id);
CREATE UNIQUE INDEX indices_sha1_idx ON indices(sha1);
`;
