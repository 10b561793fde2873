import { z } from "zod";
import type { ImageAlert } from "../domain/alert.ts";
import { StoredAlert } from "./stored-alert.ts";
import { parseStored, toStored } from "./stored-document.ts";

/** Alerts that wait as a blob until they are published: UTF-8 JSON. */
export function formatStoredAlerts(alerts: readonly ImageAlert[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(toStored({ alerts })));
}

export function parseStoredAlerts(content: Uint8Array): readonly ImageAlert[] {
  return parseStored(StoredAlerts, JSON.parse(new TextDecoder().decode(content)), "alerts").alerts;
}

const StoredAlerts = z.object({ alerts: z.array(StoredAlert) });
