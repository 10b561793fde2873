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
 * end in between publishes it again with the same ids. Resolves to the number of entries published.
 */
export const relayOutbox =
  ({ images, blobs, alerts, sbomRequests }: RelayOutboxPorts) =>
  async (image?: ImageId): Promise<number> => {
    let published = 0;
    for (;;) {
      const entries = await images.pendingOutbox(batchSize, image);
      if (entries.length === 0) return published;
      for (const entry of entries) await alerts.publish(await alertsOf(entry, blobs));
      await sbomRequests.send(entries.filter((entry) => entry.kind === "sbom"));
      await images.removeOutbox(entries);
      for (const entry of entries) if (entry.kind === "storedAlerts") await blobs.remove(entry.blob);
      published += entries.length;
    }
  };

const batchSize = 20;

async function alertsOf(entry: OutboxEntry, blobs: Pick<BlobStore, "read">): Promise<readonly Alert[]> {
  switch (entry.kind) {
    case "alert":
      return [entry.alert];
    case "storedAlerts": {
      const content = await blobs.read(entry.blob);
      // Somebody else relays at the same time and has just finished.
      return content === undefined ? [] : parseStoredAlerts(content);
    }
    case "sbom":
      return [];
  }
}
