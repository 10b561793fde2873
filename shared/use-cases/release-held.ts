import { afterWaiting, waitsUntil } from "../domain/held-for.ts";
import type { ImageId, ImageRecord } from "../domain/image-record.ts";
import type { AlertEntry } from "../domain/outbox-entry.ts";
import { formatStoredAlerts } from "../messages/stored-alerts.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { alertsOf } from "./alerts-of.ts";
import { publishOutbox, type PublishOutboxPorts } from "./publish-outbox.ts";
import { updateImage } from "./update-image.ts";

export interface ReleaseHeldPorts extends PublishOutboxPorts {
  readonly images: PublishOutboxPorts["images"] & Pick<ImageStore, "read" | "write" | "heldOutbox">;
  readonly clock: Clock;
}

/**
 * Lets go what an image holds for itself: to the index that lists it by now, or out. It is decided by one conditional
 * write of the image's record, as is everything else that it depends on: an index, a tag or another call that comes at the
 * same time makes it decide again. May be called at any time.
 * Resolves to when there will be something to let go; undefined when nothing is held any more.
 */
export const releaseHeld = (ports: ReleaseHeldPorts) => {
  const { images, blobs, clock } = ports;
  const publish = publishOutbox(ports);

  return async (id: ImageId): Promise<Date | undefined> => {
    if ((await heldForItself(images, id)).length === 0) return undefined;
    let waiting: readonly AlertEntry[] = [];
    let replaced: readonly AlertEntry[] = [];
    await updateImage<ImageRecord | undefined>(images, id, async (record) => {
      // Read after the record: whoever lets one of them go changes the record, and the write finds out.
      const held = await heldForItself(images, id);
      if (record === undefined) return { unchanged: record };
      const after = held.map((entry) => afterWaiting(entry, record, clock.now()));
      waiting = after.filter((entry) => held.includes(entry));
      const changed = after.filter((entry) => !held.includes(entry)).slice(0, atOnce);
      replaced = await Promise.all(changed.map((entry) => withTags(entry, record, blobs)));
      return replaced.length === 0 ? { unchanged: record } : { record, replaced };
    });
    if (replaced.length > 0) {
      reached("held-replaced");
      await publish(replaced);
    }
    const [next] = waiting;
    return next && waitsUntil(next);
  };
};

/** Its first tag may have let it go. What was judged without one is told with it. */
async function withTags(entry: AlertEntry, { tags }: ImageRecord, blobs: BlobStore): Promise<AlertEntry> {
  if (tags.length === 0) return entry;
  if (entry.kind === "alert") return { ...entry, alert: { ...entry.alert, tags } };
  const alerts = await alertsOf(entry, blobs);
  if (alerts.length > 0) await blobs.save(entry.blob, formatStoredAlerts(alerts.map((alert) => ({ ...alert, tags }))));
  return entry;
}

/** Each can be as large as a message. A second one is rare: the image was deleted and pushed again in the meantime. */
const atOnce = 5;

async function heldForItself(images: Pick<ImageStore, "heldOutbox">, image: ImageId): Promise<readonly AlertEntry[]> {
  return (await images.heldOutbox(50, image)).filter(({ held }) => held?.kind === "forItself");
}
