import * as z from "zod";
import { printable } from "../../../domain/printable.ts";
import { isNestedTooDeep } from "../../../messages/is-nested-too-deep.ts";

export type EventGridRequest =
  | { readonly kind: "events"; readonly events: readonly object[] }
  | { readonly kind: "validation"; readonly validationCode: string }
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "invalid"; readonly status: number; readonly title: string; readonly detail: string };

/** Both schemas: an array of Event Grid events, one CloudEvent, or an array of them. Event Grid does not retry a 400. */
export function parseEventGridRequest(headers: Readonly<Record<string, string>>, body: Uint8Array): EventGridRequest {
  const mediaType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!mediaTypes.includes(mediaType)) {
    return invalid(415, "Unsupported Media Type", `Send one of ${mediaTypes.join(", ")}.`);
  }
  let content: unknown;
  try {
    const text = utf8.decode(body);
    if (isNestedTooDeep(text)) return invalid(400, "Bad Request", "The body is nested more than 500 levels deep.");
    content = JSON.parse(text);
  } catch {
    return invalid(400, "Bad Request", "The body is not JSON in UTF-8.");
  }
  const events: unknown[] = Array.isArray(content) ? content : [content];
  if (events.length > maxEvents) return invalid(400, "Bad Request", `There are more than ${maxEvents} events.`);
  if (events.length === 0 || !events.every(isObject)) {
    return invalid(400, "Bad Request", "Send one event, or an array of events.");
  }

  const type = headers["aeg-event-type"]?.toLowerCase() ?? (isValidation(events[0]) ? validationType : "notification");
  switch (type) {
    case "notification":
      return { kind: "events", events };
    case validationType: {
      const event = validationSchema.safeParse(events[0]);
      return event.success
        ? { kind: "validation", validationCode: event.data.data.validationCode }
        : invalid(400, "Bad Request", "The validation event has no validationCode.");
    }
    case "subscriptiondeletion":
    case "unsubscribe":
      return { kind: "unsubscribed" };
    default:
      return invalid(400, "Bad Request", `aeg-event-type ${printable(type)} is not known.`);
  }
}

/** Event Grid's own limit for a batch. */
const maxEvents = 5000;

const mediaTypes = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"];

const validationType = "subscriptionvalidation";

const utf8 = new TextDecoder("utf-8", { fatal: true });

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isValidation = (event: unknown) => z.object({ eventType: validationEventType }).safeParse(event).success;

const invalid = (status: number, title: string, detail: string): EventGridRequest => ({
  kind: "invalid",
  status,
  title,
  detail,
});

const validationEventType = z.literal("Microsoft.EventGrid.SubscriptionValidationEvent");

/** In a CloudEvent the data is itself JSON text. */
const validationSchema = z.object({
  data: z.preprocess(
    (data) => (typeof data === "string" ? z.string().pipe(jsonText).safeParse(data).data : data),
    z.object({ validationCode: z.string() }),
  ),
});

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "not JSON" });
    return z.NEVER;
  }
});
