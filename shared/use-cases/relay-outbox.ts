import type { ImageId } from "../domain/image-record.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { SbomRequests } from "../ports/sbom-requests.ts";

export interface RelayOutboxPorts {
  readonly images: Pick<ImageStore, "pendingOutbox" | "removeOutbox">;
  readonly alerts: AlertTopic;
  readonly sbomRequests: SbomRequests;
}

/**
 * Publishes what is in the outbox, of one image right after its commit or of all by a timer, and then removes it. An
 * end in between publishes it again with the same ids. Resolves to the number of entries published.
 */
export const relayOutbox =
  ({ images, alerts, sbomRequests }: RelayOutboxPorts) =>
  async (image?: ImageId): Promise<number> => {
    let published = 0;
    for (;;) {
      const entries = await images.pendingOutbox(batchSize, image);
      if (entries.length === 0) return published;
      await alerts.publish(entries.flatMap((entry) => (entry.kind === "alert" ? [entry.alert] : [])));
      await sbomRequests.send(entries.flatMap((entry) => (entry.kind === "sbom" ? [entry] : [])));
      await images.removeOutbox(entries);
      published += entries.length;
    }
  };

/** Alerts are up to 200 KB each, so a batch stays at a few megabytes. */
const batchSize = 20;
