import type { Database } from "../open-database.ts";
import type { Origin, Target } from "./broker-entities.ts";
import type { EntityCounts, PeekOptions } from "./broker.ts";
import { enqueueDue } from "./enqueue-message.ts";
import type { PeekedMessage } from "./message.ts";
import { incomingMessage, STORED_MESSAGE_COLUMNS, storedMessage } from "./stored-message.ts";
import { tendMessages } from "./tend-messages.ts";

/** Like the counts below: runs in a transaction, since what is due is done first. */
export function peekMessages(
  database: Database,
  origin: Origin,
  { fromSequenceNumber = 1, maxMessages = 100 }: PeekOptions,
  now: number,
): readonly PeekedMessage[] {
  tendMessages(database, origin, now);
  const rows = database.all(
    `SELECT ${STORED_MESSAGE_COLUMNS}
     FROM message m INDEXED BY message_by_entity JOIN content c ON c.id = m.content_id
     WHERE m.entity_id = ? AND m.sequence >= ? ORDER BY m.sequence LIMIT ?`,
    origin.source.id,
    fromSequenceNumber,
    maxMessages,
  );
  return rows.map((row) => {
    const stored = storedMessage(row);
    const incoming = incomingMessage(stored, origin.source.path);
    return stored.scheduledAt === undefined
      ? { ...incoming, state: "active" }
      : { ...incoming, state: "scheduled", scheduledEnqueueAt: new Date(stored.scheduledAt) };
  });
}

/** Reads every index entry of the entity: milliseconds for 100,000 messages. */
export function countMessages(database: Database, origin: Origin, now: number): EntityCounts {
  tendMessages(database, origin, now);
  const { id, rules } = origin.source;
  const locked = count(database, `message_locked WHERE entity_id = ? AND locked_until IS NOT NULL`, id);
  const scheduled = count(database, SCHEDULED, id);
  const all = count(database, ALL, id);
  const deadLettered = rules ? count(database, ALL, rules.deadLetters.id) : 0;
  return { active: all - locked - scheduled, scheduled, locked, deadLettered };
}

export function countScheduled(database: Database, topic: Target, now: number): EntityCounts {
  enqueueDue(database, topic, now);
  return { active: 0, scheduled: count(database, SCHEDULED, topic.id), locked: 0, deadLettered: 0 };
}

const ALL = "message_by_entity WHERE entity_id = ?";
const SCHEDULED = "message_scheduled WHERE entity_id = ? AND scheduled_at IS NOT NULL";

function count(database: Database, indexed: string, entityId: number): number {
  return Number(database.get(`SELECT count(*) AS n FROM message INDEXED BY ${indexed}`, entityId)?.["n"]);
}
