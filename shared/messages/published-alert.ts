import * as z from "zod";
import { severities } from "../domain/severity.ts";
import { InvalidMessageError, parseWith } from "./invalid-message-error.ts";
import { jsonText } from "./json-text.ts";

/** What a subscriber of the topic reads of an alert before it passes the event on: see {@link formatAlertEvent}. */
export function parsePublishedAlert(value: unknown) {
  const { id, type, data } = parseWith(PublishedAlert, value, "alert event");
  const event = jsonText(value);
  if (event === undefined) throw new InvalidMessageError("Not an alert event: it is nested too deep.");
  return { id, kind: type.slice(typePrefix.length), highestSeverity: data.highestSeverity, event };
}

const typePrefix = "dev.tidewatch.";

const PublishedAlert = z.object({
  id: z.string().min(1).max(128),
  type: z.string().startsWith(typePrefix),
  data: z.object({ highestSeverity: z.enum(severities).optional() }),
});
