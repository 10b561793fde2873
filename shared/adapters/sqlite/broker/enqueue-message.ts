import type { Database } from "../open-database.ts";
import type { Target } from "./broker-entities.ts";
import { insertMessage, removeMessage, type NewMessage } from "./message-rows.ts";
import { STORED_MESSAGE_COLUMNS, storedMessage } from "./stored-message.ts";

/** Puts a copy into the queue, or into each subscription whose filter matches. */
export function enqueueMessage(
  database: Database,
  target: Target,
  message: Omit<NewMessage, "entityId" | "scheduledAt">,
): void {
  for (const { source, matches } of target.destinations) {
    if (!matches(message.content)) continue;
    const sourceExpiry = expiryOf(message.enqueuedAt, source.rules?.defaultTimeToLiveMs);
    insertMessage(database, {
      ...message,
      entityId: source.id,
      expiresAt: earliest(message.expiresAt, sourceExpiry),
    });
  }
}

/**
 * Enqueues scheduled messages whose time has come, in the order of their instants. They get new sequence numbers, as
 * if they were sent now, and count as enqueued at their instant, for nobody could tell the difference before this call.
 */
export function enqueueDue(database: Database, target: Target, now: number): void {
  const rows = database.all(
    `SELECT ${STORED_MESSAGE_COLUMNS}
     FROM message m INDEXED BY message_scheduled JOIN content c ON c.id = m.content_id
     WHERE m.entity_id = ? AND m.scheduled_at IS NOT NULL AND m.scheduled_at <= ?
     ORDER BY m.scheduled_at, m.sequence LIMIT ${MOST_AT_ONCE}`,
    target.id,
    now,
  );
  for (const row of rows) {
    const { sequence, contentId, content, enqueuedAt, expiresAt } = storedMessage(row);
    removeMessage(database, sequence, contentId);
    enqueueMessage(database, target, { content, enqueuedAt, expiresAt });
  }
}

/** After the shortest of the given times; undefined when there is none, or when it lies beyond what a Date can hold. */
export function expiryOf(enqueuedAt: number, ...timesToLive: readonly (number | undefined)[]): number | undefined {
  const shortest = Math.min(...timesToLive.map((time) => time ?? Infinity));
  const expiresAt = enqueuedAt + Math.ceil(shortest);
  return expiresAt <= LAST_INSTANT ? expiresAt : undefined;
}

/** After a long stop many may be due; the rest follow with the next calls. */
const MOST_AT_ONCE = 1_000;
const LAST_INSTANT = 8.64e15;

function earliest(first: number | undefined, second: number | undefined): number | undefined {
  const instant = Math.min(first ?? Infinity, second ?? Infinity);
  return instant === Infinity ? undefined : instant;
}
