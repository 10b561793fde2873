import type { Database } from "../open-database.ts";
import type { Source } from "./broker-entities.ts";
import { DeadLetterRefusedError } from "./broker-errors.ts";
import type { DeadLetterOptions } from "./broker.ts";
import { checkedPropertyBytes } from "./message-limits.ts";
import { deadLetterMessage, releaseMessage, replaceProperties } from "./message-rows.ts";
import type { ApplicationProperties, LockedMessage } from "./message.ts";
import { STORED_MESSAGE_COLUMNS, storedMessage } from "./stored-message.ts";
import { tooManyDeliveries } from "./tend-messages.ts";

/** All of these run in a transaction and return whether the lock was still held; without it they change nothing. */
export function completeMessage(database: Database, source: Source, lock: LockedMessage, now: number): boolean {
  const row = database.get(`DELETE FROM message WHERE ${HELD} RETURNING content_id`, ...held(source, lock, now));
  if (row) database.run("DELETE FROM content WHERE id = ?", Number(row["content_id"]));
  return row !== undefined;
}

export function abandonMessage(
  database: Database,
  source: Source,
  lock: LockedMessage,
  now: number,
  propertiesToModify: ApplicationProperties = {},
): boolean {
  const row = database.get(
    `SELECT ${STORED_MESSAGE_COLUMNS} FROM message m JOIN content c ON c.id = m.content_id WHERE ${HELD}`,
    ...held(source, lock, now),
  );
  if (!row) return false;
  const { sequence, contentId, content, deliveryCount } = storedMessage(row);
  if (Object.keys(propertiesToModify).length > 0) {
    const applicationProperties = { ...content.applicationProperties, ...propertiesToModify };
    checkedPropertyBytes({ ...content, applicationProperties });
    replaceProperties(database, contentId, applicationProperties);
  }
  if (source.rules && deliveryCount >= source.rules.maxDeliveryCount) {
    const because = tooManyDeliveries(source.rules.maxDeliveryCount);
    deadLetterMessage(database, sequence, source.rules.deadLetters, ...because);
  } else {
    releaseMessage(database, sequence);
  }
  return true;
}

export function moveToDeadLetters(
  database: Database,
  source: Source,
  lock: LockedMessage,
  now: number,
  { reason, errorDescription }: DeadLetterOptions = {},
): boolean {
  if (!source.rules) throw new DeadLetterRefusedError(source.path);
  const row = database.get(`SELECT 1 FROM message WHERE ${HELD}`, ...held(source, lock, now));
  if (row) deadLetterMessage(database, lock.sequenceNumber, source.rules.deadLetters, reason, errorDescription);
  return row !== undefined;
}

/** Returns the new end of the lock. */
export function renewMessageLock(
  database: Database,
  source: Source,
  lock: LockedMessage,
  now: number,
): Date | undefined {
  const lockedUntil = now + source.lockDurationMs;
  const { changes } = database.run(
    `UPDATE message SET locked_until = ? WHERE ${HELD}`,
    lockedUntil,
    ...held(source, lock, now),
  );
  return changes > 0 ? new Date(lockedUntil) : undefined;
}

const HELD = "sequence = ? AND entity_id = ? AND lock_token = ? AND locked_until > ?";

function held(source: Source, { sequenceNumber, lockToken }: LockedMessage, now: number) {
  return [sequenceNumber, source.id, lockToken, now] as const;
}
