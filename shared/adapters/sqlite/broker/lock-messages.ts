import { randomUUID } from "node:crypto";

import type { Database } from "../open-database.ts";
import type { Origin } from "./broker-entities.ts";
import type { ReceivedMessage } from "./message.ts";
import { incomingMessage, STORED_MESSAGE_COLUMNS, storedMessage } from "./stored-message.ts";
import { tendMessages } from "./tend-messages.ts";

/** Locks the oldest waiting messages and counts the delivery. Runs in a transaction. */
export function lockMessages(
  database: Database,
  origin: Origin,
  maxMessages: number,
  now: number,
): readonly ReceivedMessage[] {
  tendMessages(database, origin, now);
  const { source } = origin;
  const lockedUntil = now + source.lockDurationMs;
  const rows = database.all(
    `SELECT ${STORED_MESSAGE_COLUMNS}
     FROM message m INDEXED BY message_waiting JOIN content c ON c.id = m.content_id
     WHERE m.entity_id = ? AND m.scheduled_at IS NULL AND m.locked_until IS NULL ORDER BY m.sequence LIMIT ?`,
    source.id,
    maxMessages,
  );
  return rows.map((row) => {
    const stored = storedMessage(row);
    const lockToken = randomUUID();
    const deliveryCount = stored.deliveryCount + 1;
    database.run(
      "UPDATE message SET locked_until = ?, lock_token = ?, delivery_count = ? WHERE sequence = ?",
      lockedUntil,
      lockToken,
      deliveryCount,
      stored.sequence,
    );
    return { ...incomingMessage(stored, source.path), deliveryCount, lockToken, lockedUntil: new Date(lockedUntil) };
  });
}
