import type { Alert } from "../domain/alert.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { SbomRequests } from "../ports/sbom-requests.ts";
import { reached } from "../ports/step.ts";
import { alertsOf } from "./alerts-of.ts";

export interface PublishOutboxPorts {
  readonly images: Pick<ImageStore, "removeOutbox">;
  readonly blobs: BlobStore;
  readonly alerts: AlertTopic;
  readonly sbomRequests: SbomRequests;
}

/**
 * Publishes entries of the outbox and then removes them. An end in between publishes them again with the same ids.
 * Those that cannot be published do not hold up the others; then it rejects. Those that are held are left alone.
 * @param justStored alerts that the caller has at hand, so that they need not be read back
 */
export const publishOutbox = ({ images, blobs, alerts, sbomRequests }: PublishOutboxPorts) => {
  const publish = async (entry: OutboxEntry, justStored: readonly Alert[]): Promise<OutboxEntry> => {
    if (entry.kind === "sbom") await sbomRequests.send([entry]);
    else await alerts.publish(justStored[0]?.id === entry.id ? justStored : await alertsOf(entry, blobs));
    return entry;
  };

  return async (entries: readonly OutboxEntry[], justStored: readonly Alert[] = []): Promise<void> => {
    const due = entries.filter((entry) => entry.kind === "sbom" || entry.held === undefined);
    const ends = await Promise.allSettled(due.map((entry) => publish(entry, justStored)));
    const published = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    reached("outbox-published");
    await images.removeOutbox(published);
    for (const entry of published) if (entry.kind === "storedAlerts") await blobs.remove(entry.blob);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  };
};
