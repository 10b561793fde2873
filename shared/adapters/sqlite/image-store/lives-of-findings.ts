/**
 * The migration that gave findings a life. Findings of before began, as far as anybody knows, with the scan that the
 * record points at: that scan becomes the first entry of their image's history. The document of a set of findings has
 * been JSON of this shape since the first migration, so it is changed where it lies.
 */
export const livesOfFindings = `
  CREATE TABLE history (
    sequence INTEGER PRIMARY KEY,
    image TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.image') STORED,
    id TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.id') STORED,
    at TEXT NOT NULL GENERATED ALWAYS AS (document ->> '$.at') STORED,
    document TEXT NOT NULL,
    UNIQUE (image, id)
  ) STRICT;
  CREATE INDEX history_by_image ON history (image, at, id);

  CREATE TABLE transition_chunks (
    image TEXT NOT NULL,
    entry TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    saved_at TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (image, entry, ordinal)
  ) STRICT;

  DELETE FROM scans WHERE NOT EXISTS (SELECT 1 FROM images WHERE images.id = scans.image AND images.scan = scans.id);
  ALTER TABLE scans ADD COLUMN saved_at TEXT NOT NULL DEFAULT '';

  INSERT INTO history (document)
  SELECT json_object(
    'schema', 1,
    'id', scan,
    'image', id,
    'at', document ->> '$.scan.scannedAt',
    'cause', json_object(
      'kind', 'scan',
      'scan', scan,
      'reason', document ->> '$.scan.reason',
      'scanner', document -> '$.scan.scanner',
      'database', document -> '$.scan.database'
    ),
    'changes', CASE found WHEN 0 THEN json_object() ELSE json_object('opened', found) END,
    'counts', document -> '$.scan.counts',
    'exempted', 0
  )
  FROM (
    SELECT id, scan, document, (SELECT sum(value) FROM json_each(document, '$.scan.counts')) AS found
    FROM images WHERE scan IS NOT NULL
  );
  INSERT INTO transition_chunks (image, entry, ordinal, saved_at, document)
  SELECT scans.image, scans.id, ordinal, '', json_object(
    'schema', 1,
    'entry', scans.id,
    'ordinal', ordinal,
    'changes', (
      SELECT json_group_array(
        json_object(
          'kind', 'opened',
          'finding', json_set(json_remove(value, '$.description'), '$.references', json_array())
        ) ORDER BY key
      )
      FROM json_each(finding_chunks.document, '$.findings')
    )
  )
  FROM finding_chunks JOIN scans ON scans.number = finding_chunks.scan;

  UPDATE finding_chunks
  SET document = json_set(finding_chunks.document,
    '$.schema', 2,
    '$.findings', (
      SELECT json_group_array(json_set(value, '$.firstSeenAt', images.document ->> '$.scan.scannedAt') ORDER BY key)
      FROM json_each(finding_chunks.document, '$.findings')
    ))
  FROM scans JOIN images ON images.id = scans.image
  WHERE scans.number = finding_chunks.scan;

  UPDATE images SET document = json_set(document, '$.schema', 2);
  UPDATE images
  SET document = json_set(document,
    '$.scan.findings', document ->> '$.scan.id',
    '$.scan.changedAt', document ->> '$.scan.scannedAt',
    '$.scan.exempted', 0)
  WHERE document -> '$.scan' IS NOT NULL;
  ALTER TABLE images DROP COLUMN scan;
  ALTER TABLE images ADD COLUMN findings TEXT GENERATED ALWAYS AS (document ->> '$.scan.findings') VIRTUAL;

  UPDATE outbox
  SET document = json_set(document, '$.alert.exempted', 0)
  WHERE document ->> '$.alert.kind' IN ('findings.changed', 'scan.completed');
  UPDATE outbox
  SET document = json_set(document, '$.alert.cause', 'scan')
  WHERE document ->> '$.alert.kind' = 'findings.changed';
  ALTER TABLE outbox ADD COLUMN published_at TEXT;
  ALTER TABLE outbox ADD COLUMN held_for TEXT GENERATED ALWAYS AS (document ->> '$.heldFor') VIRTUAL;
  DROP INDEX outbox_by_age;
  DROP INDEX outbox_by_image;
  CREATE INDEX outbox_to_publish ON outbox (created_at, sequence) WHERE published_at IS NULL AND held_for IS NULL;
  CREATE INDEX outbox_of_image ON outbox (image, created_at, sequence) WHERE published_at IS NULL;
  CREATE INDEX outbox_held ON outbox (created_at, sequence) WHERE held_for IS NOT NULL;
`;
