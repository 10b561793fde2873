import type { Database } from "../open-database.ts";
import type { Origin, Source } from "./broker-entities.ts";
import { enqueueDue } from "./enqueue-message.ts";

/** Does what time has made due at this source, so that what is read afterwards is true now. Runs in a transaction. */
export function tendMessages(database: Database, { feed, main, source }: Origin, now: number): void {
  enqueueDue(database, feed, now);
  releaseExpiredLocks(database, main, now);
  expireMessages(database, main, now);
  if (source !== main) releaseExpiredLocks(database, source, now);
}

/** When the next call of tendMessages would find something to do, as far as it is known now. */
export function nextDueAt(database: Database, { feed, main, source }: Origin): number | undefined {
  const row = database.get(
    `SELECT min(
       coalesce((SELECT min(scheduled_at) FROM message WHERE entity_id = ?1 AND scheduled_at IS NOT NULL), ${NEVER}),
       coalesce((SELECT min(locked_until) FROM message WHERE entity_id = ?2 AND locked_until IS NOT NULL), ${NEVER}),
       coalesce((SELECT min(locked_until) FROM message WHERE entity_id = ?3 AND locked_until IS NOT NULL), ${NEVER}),
       coalesce((SELECT min(expires_at) FROM message
                 WHERE entity_id = ?2 AND expires_at IS NOT NULL AND scheduled_at IS NULL AND locked_until IS NULL),
                ${NEVER})
     ) AS due_at`,
    feed.id,
    main.id,
    source.id,
  );
  const dueAt = Number(row?.["due_at"]);
  return dueAt === NEVER ? undefined : dueAt;
}

/**
 * For the first moment after opening: a lock of a process that is gone holds nobody back, and a message that has used
 * up its deliveries (in the crash, or because fewer are allowed now) is not delivered again.
 */
export function recoverMessages(database: Database, sources: readonly Source[]): void {
  database.run("UPDATE message SET locked_until = NULL, lock_token = NULL WHERE locked_until IS NOT NULL");
  for (const { id, rules } of sources) {
    if (!rules) continue;
    database.run(
      `UPDATE message SET entity_id = ?, dead_letter_reason = ?, dead_letter_description = ?
       WHERE entity_id = ? AND scheduled_at IS NULL AND delivery_count >= ?`,
      rules.deadLetters.id,
      ...tooManyDeliveries(rules.maxDeliveryCount),
      id,
      rules.maxDeliveryCount,
    );
  }
}

export function tooManyDeliveries(maxDeliveryCount: number): readonly [reason: string, description: string] {
  return [
    "MaxDeliveryCountExceeded",
    `The message was delivered ${maxDeliveryCount} times, as often as allowed, and never completed.`,
  ];
}

/** Larger than any instant, and still exact in SQLite and JavaScript. */
const NEVER = Number.MAX_SAFE_INTEGER;

function releaseExpiredLocks(database: Database, { id, rules }: Source, now: number): void {
  if (rules) {
    database.run(
      `UPDATE message SET entity_id = ?, locked_until = NULL, lock_token = NULL,
         dead_letter_reason = ?, dead_letter_description = ?
       WHERE entity_id = ? AND locked_until <= ? AND delivery_count >= ?`,
      rules.deadLetters.id,
      ...tooManyDeliveries(rules.maxDeliveryCount),
      id,
      now,
      rules.maxDeliveryCount,
    );
  }
  database.run(
    "UPDATE message SET locked_until = NULL, lock_token = NULL WHERE entity_id = ? AND locked_until <= ?",
    id,
    now,
  );
}

/** A locked message is not touched: whoever holds it may still complete it. */
function expireMessages(database: Database, { id, rules }: Source, now: number): void {
  if (!rules) return;
  if (rules.deadLetterOnExpiration) {
    database.run(
      `UPDATE message SET entity_id = ?, dead_letter_reason = 'TTLExpiredException',
         dead_letter_description = 'The message expired and was dead lettered.'
       WHERE entity_id = ? AND ${EXPIRED}`,
      rules.deadLetters.id,
      id,
      now,
    );
  } else if (database.get(`SELECT 1 FROM message WHERE entity_id = ? AND ${EXPIRED} LIMIT 1`, id, now)) {
    database.run(
      `DELETE FROM content WHERE id IN (SELECT content_id FROM message WHERE entity_id = ? AND ${EXPIRED})`,
      id,
      now,
    );
    database.run(`DELETE FROM message WHERE entity_id = ? AND ${EXPIRED}`, id, now);
  }
}

const EXPIRED = "expires_at <= ? AND scheduled_at IS NULL AND locked_until IS NULL";
