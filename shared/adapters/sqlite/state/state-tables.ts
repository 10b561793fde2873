/**
 * What the state holds beside images. A part of the migrations of state.db, whose order is in image-store/schema.ts.
 * Columns that follow from a document are generated from it.
 */
export const stateTables = `
  CREATE TABLE checkpoints (
    name TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    document TEXT NOT NULL
  ) STRICT;

  CREATE TABLE dead_letters (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    source TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.source') STORED,
    reason TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.reason') STORED,
    last_at TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.lastAt') STORED,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX dead_letters_by_age ON dead_letters (last_at, id, source, reason);

  CREATE TABLE published_alerts (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    image TEXT,
    published_at TEXT NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX published_alerts_by_image ON published_alerts (image, sequence) WHERE image IS NOT NULL;
  CREATE INDEX published_alerts_by_age ON published_alerts (published_at, sequence);

  CREATE TABLE delivery_attempts (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.subscriber') STORED,
    alert TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.alertId') STORED,
    at TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.at') STORED,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX delivery_attempts_by_subscriber ON delivery_attempts (subscriber, sequence);
  CREATE INDEX delivery_attempts_by_alert ON delivery_attempts (alert, sequence);
  CREATE INDEX delivery_attempts_by_age ON delivery_attempts (at, sequence);
`;

/** By what retention looks for what has grown too old, or is no longer pointed at. After the tables of the findings. */
export const retentionIndexes = `
  CREATE INDEX outbox_published ON outbox (published_at, sequence) WHERE published_at IS NOT NULL;
  CREATE INDEX images_by_scan ON images (document ->> '$.scan.id');
`;
