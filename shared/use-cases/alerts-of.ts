import type { ImageAlert } from "../domain/alert.ts";
import type { AlertEntry } from "../domain/outbox-entry.ts";
import { parseStoredAlerts } from "../messages/stored-alerts.ts";
import type { BlobStore } from "../ports/blob-store.ts";

/** Those that an entry stands for; none when somebody else who tells them at the same time has just finished. */
export async function alertsOf(entry: AlertEntry, blobs: Pick<BlobStore, "read">): Promise<readonly ImageAlert[]> {
  if (entry.kind === "alert") return [entry.alert];
  const content = await blobs.read(entry.blob);
  return content === undefined ? [] : parseStoredAlerts(content);
}
