import type { Alert } from "../domain/alert.ts";
import type { ImageId } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import { parseStoredAlerts } from "../messages/stored-alerts.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { SbomRequests } from "../ports/sbom-requests.ts";

export interface RelayOutboxPorts {
  readonly images: Pick<ImageStore, "pendingOutbox" | "removeOutbox">;
  readonly blobs: BlobStore;
  readonly alerts: AlertTopic;
  readonly sbomRequests: SbomRequests;
}

/**
 * Publishes what is in the outbox, of one image right after its commit or of all by a timer, and then removes it. An
 * end in between publishes it again with the same ids. Entries that cannot be published do not hold up the others of
 * their batch; then it rejects. Resolves to the number of entries published.
 * @param justStored alerts that the caller has at hand, so that they need not be read back
 */
export const relayOutbox = ({ images, blobs, alerts, sbomRequests }: RelayOutboxPorts) => {
  const publish = async (entry: OutboxEntry, justStored: readonly Alert[]): Promise<void> => {
    if (entry.kind === "sbom") await sbomRequests.send([entry]);
    else await alerts.publish(justStored[0]?.id === entry.id ? justStored : await alertsOf(entry, blobs));
    await images.removeOutbox([entry]);
    if (entry.kind === "storedAlerts") await blobs.remove(entry.blob);
  };

  return async (image?: ImageId, justStored: readonly Alert[] = []): Promise<number> => {
    let published = 0;
    for (;;) {
      const entries = await images.pendingOutbox(batchSize, image);
      if (entries.length === 0) return published;
      const ends = await Promise.allSettled(entries.map((entry) => publish(entry, justStored)));
      for (const end of ends) if (end.status === "rejected") throw end.reason;
      published += entries.length;
    }
  };
};

const batchSize = 20;

async function alertsOf(
  entry: Exclude<OutboxEntry, { kind: "sbom" }>,
  blobs: Pick<BlobStore, "read">,
): Promise<readonly Alert[]> {
  if (entry.kind === "alert") return [entry.alert];
  const content = await blobs.read(entry.blob);
  // Somebody else relays at the same time and has just finished.
  return content === undefined ? [] : parseStoredAlerts(content);
}
