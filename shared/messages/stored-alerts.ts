import * as z from "zod";
import type { ImageAlert } from "../domain/alert.ts";
import { StoredAlert } from "./stored-alert.ts";
import { parseStored, toStored, UnreadableDocumentError } from "./stored-document.ts";

/** Alerts that wait as a blob until they are published: UTF-8 JSON. */
export function formatStoredAlerts(alerts: readonly ImageAlert[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(toStored({ alerts })));
}

/** Throws UnreadableDocumentError. */
export function parseStoredAlerts(content: Uint8Array): readonly ImageAlert[] {
  return parseStored(StoredAlerts, parseJson(new TextDecoder().decode(content)), "alerts").alerts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableDocumentError("alerts", "It is not JSON.");
  }
}

const StoredAlerts = z.object({ alerts: z.array(StoredAlert) });
