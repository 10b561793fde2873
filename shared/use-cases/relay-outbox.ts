import type { ImageId } from "../domain/image-record.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { publishOutbox, type PublishOutboxPorts } from "./publish-outbox.ts";

export interface RelayOutboxPorts extends PublishOutboxPorts {
  readonly images: Pick<ImageStore, "pendingOutbox" | "removeOutbox">;
}

/** Publishes all that is in the outbox, of one image or of all, oldest first. Resolves to the number of entries. */
export const relayOutbox = (ports: RelayOutboxPorts) => {
  const publish = publishOutbox(ports);
  return async (image?: ImageId): Promise<number> => {
    let published = 0;
    for (;;) {
      const entries = await ports.images.pendingOutbox(batchSize, image);
      if (entries.length === 0) return published;
      await publish(entries);
      published += entries.length;
    }
  };
};

const batchSize = 20;
