import * as z from "zod";
import type { Alert } from "../domain/alert.ts";
import { generalAlertSchemas } from "./general-alert-schema.ts";
import { imageAlertSchemas } from "./image-alert-schema.ts";
import { ContentId, Instant } from "./published-parts.ts";

/** What one kind of alert promises beyond the envelope. */
export interface PublishedKind {
  /** When it is sent. */
  readonly when: string;
  readonly source: z.ZodType;
  readonly subject: string;
  readonly data: z.ZodRawShape;
}

/**
 * The published form of each kind of alert, as {@link formatAlertEvent} writes it. docs/events/*.schema.json are made
 * from these by tools/write-event-schemas.ts: what is here is a promise to subscribers. Members and
 * values may be added, none taken away, so the schemas let members pass that they do not name.
 */
export function alertEventSchema(kind: Alert["kind"]): z.ZodType {
  const { when, source, subject, data } = published[kind];
  return z
    .object({
      specversion: z.literal("1.0"),
      id: ContentId.describe("The same whenever this event is sent again: remember it to see each change once"),
      type: z.literal(`dev.tidewatch.${kind}`),
      source,
      subject: z.string().describe(subject),
      time: Instant,
      datacontenttype: z.literal("application/json"),
      data: z.object(data),
    })
    .meta({ title: `dev.tidewatch.${kind}`, description: when });
}

/** JSON Schema 2020-12 of the event. */
export function alertEventJsonSchema(kind: Alert["kind"]): object {
  // What a receiver reads is this schema's input: the output form would forbid the members of the future.
  return z.toJSONSchema(alertEventSchema(kind), {
    io: "input",
    override: ({ jsonSchema }) => {
      // What zod adds of its own says nothing to a reader: a calendar as a pattern, the largest safe integer.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}

const published: Readonly<Record<Alert["kind"], PublishedKind>> = { ...imageAlertSchemas, ...generalAlertSchemas };
