import type { ImageAlert } from "../domain/alert.ts";
import { heldFor } from "../domain/held-for.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import type { AlertEntry } from "../domain/outbox-entry.ts";
import { formatStoredAlerts } from "../messages/stored-alerts.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { alertsName } from "./blob-names.ts";

/**
 * Alerts of one decision, on their way into the outbox of an image; marked as held when they have to wait for
 * others. One goes into the transaction as it is. The parts of a large one do not fit (Cosmos DB takes 2 MB): they are
 * saved first, and the transaction only says where.
 */
export async function alertEntries(
  blobs: Pick<BlobStore, "save">,
  record: ImageRecord,
  alerts: readonly ImageAlert[],
  createdAt: Date,
): Promise<readonly AlertEntry[]> {
  const [first] = alerts;
  if (first === undefined) return [];
  const entry = { id: first.id, image: record.id, createdAt, held: heldFor(record, alerts, createdAt) };
  if (alerts.length === 1) return [{ kind: "alert", ...entry, alert: first }];
  const blob = alertsName(first.id);
  await blobs.save(blob, formatStoredAlerts(alerts));
  return [{ kind: "storedAlerts", ...entry, blob }];
}
