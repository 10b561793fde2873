import { randomUUID } from "node:crypto";

import type { Database } from "../open-database.ts";
import type { Target } from "./broker-entities.ts";
import { enqueueDue, enqueueMessage, expiryOf } from "./enqueue-message.ts";
import { insertMessage, removeMessage } from "./message-rows.ts";
import type { OutgoingMessage } from "./message.ts";
import type { Content } from "./stored-message.ts";

/** Returns a sequence number for each message that was scheduled, and 0 for the others. Runs in a transaction. */
export function sendMessages(
  database: Database,
  target: Target,
  messages: readonly OutgoingMessage[],
  now: number,
): readonly number[] {
  // What is due was there first.
  enqueueDue(database, target, now);
  forgetOldDuplicates(database, target, now);
  return messages.map((message) => sendMessage(database, target, message, now));
}

export function cancelScheduledMessage(database: Database, target: Target, sequence: number, now: number): boolean {
  enqueueDue(database, target, now);
  const row = database.get(
    "SELECT content_id FROM message WHERE sequence = ? AND entity_id = ? AND scheduled_at IS NOT NULL",
    sequence,
    target.id,
  );
  if (row) removeMessage(database, sequence, Number(row["content_id"]));
  return row !== undefined;
}

function sendMessage(database: Database, target: Target, message: OutgoingMessage, now: number): number {
  const { messageId = randomUUID(), scheduledEnqueueAt, timeToLiveMs, ...rest } = message;
  if (seenBefore(database, target, messageId, now)) return 0;

  const content: Content = { ...rest, messageId, applicationProperties: message.applicationProperties ?? {} };
  const enqueuedAt = Math.max(scheduledEnqueueAt?.getTime() ?? now, now);
  const expiresAt = expiryOf(enqueuedAt, timeToLiveMs, target.defaultTimeToLiveMs);
  if (enqueuedAt > now) {
    return insertMessage(database, { entityId: target.id, content, enqueuedAt, expiresAt, scheduledAt: enqueuedAt });
  }
  enqueueMessage(database, target, { content, enqueuedAt, expiresAt });
  return 0;
}

/** The window counts from the first message; a duplicate does not make it longer. */
function seenBefore(database: Database, target: Target, messageId: string, now: number): boolean {
  const window = target.duplicateDetectionWindowMs;
  if (window === undefined) return false;
  const { changes } = database.run(
    `INSERT INTO duplicate (entity_id, message_id, seen_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at WHERE seen_at <= ?`,
    target.id,
    messageId,
    now,
    now - window,
  );
  return changes === 0;
}

/** A few at each call: more than a call adds, and never so many that it takes long. */
function forgetOldDuplicates(database: Database, target: Target, now: number): void {
  if (target.duplicateDetectionWindowMs === undefined) return;
  database.run(
    `DELETE FROM duplicate WHERE entity_id = ?1 AND message_id IN
       (SELECT message_id FROM duplicate WHERE entity_id = ?1 AND seen_at <= ?2 ORDER BY seen_at LIMIT 200)`,
    target.id,
    now - target.duplicateDetectionWindowMs,
  );
}
