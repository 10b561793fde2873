/**
 * Version 5: the outbox holds only what has yet to be told, since the log of alerts says what was; and an entry says why
 * it is held, which until then was always for an index.
 */
export const untoldOutbox = `
  DROP INDEX outbox_published;
  DROP INDEX outbox_to_publish;
  DROP INDEX outbox_of_image;
  DROP INDEX outbox_held;
  DELETE FROM outbox WHERE published_at IS NOT NULL;
  ALTER TABLE outbox DROP COLUMN published_at;
  ALTER TABLE outbox DROP COLUMN held_for;
  UPDATE outbox SET document = json_set(document, '$.schema', 2);
  UPDATE outbox
  SET document = json_set(json_remove(document, '$.heldFor'),
    '$.held', json_object('kind', 'forIndex', 'index', document ->> '$.heldFor'))
  WHERE document ->> '$.heldFor' IS NOT NULL;
  ALTER TABLE outbox ADD COLUMN held TEXT GENERATED ALWAYS AS (document ->> '$.held.kind') VIRTUAL;
  CREATE INDEX outbox_to_publish ON outbox (created_at, sequence) WHERE held IS NULL;
  CREATE INDEX outbox_of_image ON outbox (image, created_at, sequence);
  CREATE INDEX outbox_held ON outbox (created_at, sequence) WHERE held IS NOT NULL;
`;
