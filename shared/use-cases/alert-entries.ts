import type { Alert } from "../domain/alert.ts";
import type { ImageId } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";

/** Alerts on their way into the outbox of an image. */
export function alertEntries(image: ImageId, alerts: readonly Alert[], createdAt: Date): readonly OutboxEntry[] {
  return alerts.map((alert) => ({ kind: "alert", id: alert.id, image, createdAt, alert }));
}
