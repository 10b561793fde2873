import * as z from "zod";

import type { Row } from "../open-database.ts";
import type { ApplicationProperties, IncomingMessage } from "./message.ts";

/** What the sender said; the same in every subscription that gets the message. */
export interface Content {
  readonly messageId: string;
  readonly body: string;
  readonly contentType?: string | undefined;
  readonly subject?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly to?: string | undefined;
  readonly applicationProperties: ApplicationProperties;
}

export interface StoredMessage {
  readonly sequence: number;
  readonly contentId: number;
  readonly deliveryCount: number;
  readonly enqueuedAt: number;
  readonly scheduledAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly deadLetterReason: string | undefined;
  readonly deadLetterDescription: string | undefined;
  readonly content: Content;
}

/** The columns that storedMessage reads, of `message m JOIN content c`. */
export const STORED_MESSAGE_COLUMNS = `
  m.sequence, m.content_id, m.delivery_count, m.enqueued_at, m.scheduled_at, m.expires_at,
  m.dead_letter_reason, m.dead_letter_description,
  c.message_id, c.body, c.content_type, c.subject, c.correlation_id, c.destination, c.application_properties`;

export function storedMessage(row: Row): StoredMessage {
  const columns = messageRow.parse(row);
  return {
    sequence: columns.sequence,
    contentId: columns.content_id,
    deliveryCount: columns.delivery_count,
    enqueuedAt: columns.enqueued_at,
    scheduledAt: columns.scheduled_at ?? undefined,
    expiresAt: columns.expires_at ?? undefined,
    deadLetterReason: columns.dead_letter_reason ?? undefined,
    deadLetterDescription: columns.dead_letter_description ?? undefined,
    content: {
      messageId: columns.message_id,
      body: columns.body,
      contentType: columns.content_type ?? undefined,
      subject: columns.subject ?? undefined,
      correlationId: columns.correlation_id ?? undefined,
      to: columns.destination ?? undefined,
      applicationProperties: columns.application_properties,
    },
  };
}

export function incomingMessage(stored: StoredMessage, entityPath: string): IncomingMessage {
  const { messageId, body, applicationProperties, ...optional } = stored.content;
  return {
    entityPath,
    sequenceNumber: stored.sequence,
    messageId,
    body,
    applicationProperties,
    deliveryCount: stored.deliveryCount,
    enqueuedAt: new Date(stored.enqueuedAt),
    ...(optional.contentType !== undefined && { contentType: optional.contentType }),
    ...(optional.subject !== undefined && { subject: optional.subject }),
    ...(optional.correlationId !== undefined && { correlationId: optional.correlationId }),
    ...(optional.to !== undefined && { to: optional.to }),
    ...(stored.expiresAt !== undefined && { expiresAt: new Date(stored.expiresAt) }),
    ...(stored.deadLetterReason !== undefined && { deadLetterReason: stored.deadLetterReason }),
    ...(stored.deadLetterDescription !== undefined && { deadLetterErrorDescription: stored.deadLetterDescription }),
  };
}

const optionalText = z.string().nullable();
const optionalInstant = z.number().nullable();

const messageRow = z.object({
  sequence: z.number(),
  content_id: z.number(),
  delivery_count: z.number(),
  enqueued_at: z.number(),
  scheduled_at: optionalInstant,
  expires_at: optionalInstant,
  dead_letter_reason: optionalText,
  dead_letter_description: optionalText,
  message_id: z.string(),
  body: z.string(),
  content_type: optionalText,
  subject: optionalText,
  correlation_id: optionalText,
  destination: optionalText,
  application_properties: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
});
