import type { Alert } from "../domain/alert.ts";
import type { ImageId } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import { formatStoredAlerts } from "../messages/stored-alerts.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { alertsName } from "./blob-names.ts";

/**
 * Alerts on their way into the outbox of an image. One goes into the transaction as it is. The parts of a large one do
 * not fit (Cosmos DB takes 2 MB): they are saved first, and the transaction only says where.
 */
export async function alertEntries(
  blobs: Pick<BlobStore, "save">,
  image: ImageId,
  alerts: readonly Alert[],
  createdAt: Date,
): Promise<readonly OutboxEntry[]> {
  const [first] = alerts;
  if (first === undefined) return [];
  if (alerts.length === 1) return [{ kind: "alert", id: first.id, image, createdAt, alert: first }];
  const blob = alertsName(first.id);
  await blobs.save(blob, formatStoredAlerts(alerts));
  return [{ kind: "storedAlerts", id: first.id, image, createdAt, blob }];
}
