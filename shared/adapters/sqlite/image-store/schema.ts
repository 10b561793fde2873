import { exemptionTables } from "../state/sqlite-exemption-store.ts";
import { retentionIndexes, stateTables } from "../state/state-tables.ts";
import { livesOfFindings } from "./lives-of-findings.ts";
import { untoldOutbox } from "./untold-outbox.ts";

/**
 * Columns that follow from a document are generated from it, so they cannot disagree. Findings hang on a small table
 * of sets with numbers (scans), which keeps the index of vulnerabilities small: it has a row for each name of each finding.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE images (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    registry TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.image.registry') STORED,
    repository TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.image.repository') STORED,
    digest TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.image.digest') STORED,
    state TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.state.kind') STORED,
    scan TEXT GENERATED ALWAYS AS (document ->> '$.scan.id') STORED,
    highest_severity INTEGER GENERATED ALWAYS AS (document ->> '$.highestSeverity') STORED,
    last_used_at TEXT GENERATED ALWAYS AS (document ->> '$.lastUsedAt') STORED,
    last_checked_at TEXT GENERATED ALWAYS AS (document ->> '$.lastCheckedAt') STORED,
    expected_until TEXT GENERATED ALWAYS AS (document ->> '$.expectedUntil') STORED,
    tags TEXT NOT NULL GENERATED ALWAYS AS (document -> '$.tags') STORED,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX images_by_reference ON images (registry, repository, digest, state, highest_severity);
  CREATE INDEX images_by_state ON images (state, registry, repository, digest, highest_severity);
  CREATE INDEX images_by_check ON images (last_checked_at, id, last_used_at) WHERE state IN ('scanned', 'failed');
  CREATE INDEX images_by_expectation ON images (expected_until, id) WHERE expected_until IS NOT NULL;

  CREATE TABLE image_tags (
    tag TEXT NOT NULL,
    registry TEXT NOT NULL,
    repository TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tag, registry, repository, digest)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER add_tags AFTER INSERT ON images BEGIN
    INSERT OR IGNORE INTO image_tags
    SELECT value, new.registry, new.repository, new.digest FROM json_each(new.tags);
  END;
  CREATE TRIGGER replace_tags AFTER UPDATE ON images WHEN old.tags <> new.tags BEGIN
    DELETE FROM image_tags
    WHERE tag IN (SELECT value FROM json_each(old.tags))
      AND registry = old.registry AND repository = old.repository AND digest = old.digest;
    INSERT OR IGNORE INTO image_tags
    SELECT value, new.registry, new.repository, new.digest FROM json_each(new.tags);
  END;

  CREATE TABLE scans (
    number INTEGER PRIMARY KEY,
    image TEXT NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (image, id)
  ) STRICT;
  CREATE TABLE finding_chunks (
    scan INTEGER NOT NULL REFERENCES scans ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (scan, ordinal)
  ) STRICT;
  CREATE TABLE vulnerabilities (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE affected (
    vulnerability INTEGER NOT NULL REFERENCES vulnerabilities,
    scan INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (vulnerability, scan, ordinal, position),
    FOREIGN KEY (scan, ordinal) REFERENCES finding_chunks (scan, ordinal) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX affected_by_chunk ON affected (scan, ordinal);

  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    image TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.image') STORED,
    id TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.id') STORED,
    created_at TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.createdAt') STORED,
    document TEXT NOT NULL,
    UNIQUE (image, id)
  ) STRICT;
  CREATE INDEX outbox_by_age ON outbox (created_at, sequence);
  CREATE INDEX outbox_by_image ON outbox (image, created_at, sequence);
  `,
  stateTables + exemptionTables,
  livesOfFindings,
  retentionIndexes,
  untoldOutbox,
];
