import type { Database } from "../open-database.ts";
import type { ApplicationProperties } from "./message.ts";
import type { Content } from "./stored-message.ts";

export interface NewMessage {
  readonly entityId: number;
  readonly content: Content;
  readonly enqueuedAt: number;
  readonly expiresAt: number | undefined;
  readonly scheduledAt?: number;
}

/** Returns the sequence number. */
export function insertMessage(database: Database, message: NewMessage): number {
  const { content, entityId, enqueuedAt, expiresAt, scheduledAt } = message;
  const { lastInsertRowid: contentId } = database.run(
    `INSERT INTO content (message_id, body, content_type, subject, correlation_id, destination, application_properties)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    content.messageId,
    content.body,
    content.contentType ?? null,
    content.subject ?? null,
    content.correlationId ?? null,
    content.to ?? null,
    JSON.stringify(content.applicationProperties),
  );
  return database.run(
    "INSERT INTO message (entity_id, content_id, enqueued_at, expires_at, scheduled_at) VALUES (?, ?, ?, ?, ?)",
    entityId,
    contentId,
    enqueuedAt,
    expiresAt ?? null,
    scheduledAt ?? null,
  ).lastInsertRowid;
}

export function removeMessage(database: Database, sequence: number, contentId: number): void {
  database.run("DELETE FROM message WHERE sequence = ?", sequence);
  database.run("DELETE FROM content WHERE id = ?", contentId);
}

export function replaceProperties(database: Database, contentId: number, properties: ApplicationProperties): void {
  database.run("UPDATE content SET application_properties = ? WHERE id = ?", JSON.stringify(properties), contentId);
}

export function releaseMessage(database: Database, sequence: number): void {
  database.run("UPDATE message SET locked_until = NULL, lock_token = NULL WHERE sequence = ?", sequence);
}

export function deadLetterMessage(
  database: Database,
  sequence: number,
  deadLetters: { readonly id: number },
  reason: string | undefined,
  description: string | undefined,
): void {
  database.run(
    `UPDATE message SET entity_id = ?, locked_until = NULL, lock_token = NULL,
       dead_letter_reason = ?, dead_letter_description = ?
     WHERE sequence = ?`,
    deadLetters.id,
    reason?.slice(0, LONGEST_DEAD_LETTER_TEXT) ?? null,
    description?.slice(0, LONGEST_DEAD_LETTER_TEXT) ?? null,
    sequence,
  );
}

/** Service Bus's limit for either text. */
const LONGEST_DEAD_LETTER_TEXT = 4_096;
