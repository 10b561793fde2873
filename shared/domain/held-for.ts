import type { ImageAlert } from "./alert.ts";
import type { ImageRecord } from "./image-record.ts";
import type { AlertEntry, Held } from "./outbox-entry.ts";

/**
 * With whom alerts of one decision wait to be told; undefined when they go out at once. Only what a push brought waits,
 * with the platforms of the newest index that lists the image: they are judged within minutes of each other. Registries
 * announce platforms before their index, so an image without a tag waits a moment for one.
 */
export function heldFor(record: AboutImage, alerts: readonly ImageAlert[], now: Date): Held | undefined {
  const [first] = alerts;
  if (first?.kind !== "findings.changed" && first?.kind !== "scan.completed") return undefined;
  if (first.scan.reason !== "pushed" || first.platforms !== undefined) return undefined;
  if (first.kind === "findings.changed" && first.cause !== "scan") return undefined;
  const index = record.indexes.at(-1);
  if (index !== undefined) return { kind: "forIndex", index };
  const { tags, firstSeenAt, lastPushedAt = firstSeenAt } = record;
  const heardOfAt = lastPushedAt > firstSeenAt ? lastPushedAt : firstSeenAt;
  return tags.length === 0 && !isOver(heardOfAt, now) ? { kind: "forItself" } : undefined;
}

/**
 * An entry that an image holds for itself, as it is to be from now on: held for the index that lists the image by now, or
 * held no more. The same object while it has to wait on.
 */
export function afterWaiting(entry: AlertEntry, record: AboutImage, now: Date): AlertEntry {
  if (entry.held?.kind !== "forItself") return entry;
  const index = record.indexes.at(-1);
  if (index !== undefined) return { ...entry, held: { kind: "forIndex", index } };
  return record.tags.length > 0 || isOver(entry.createdAt, now) ? { ...entry, held: undefined } : entry;
}

/** When {@link afterWaiting} lets an entry go that meets neither index nor tag. */
export function waitsUntil({ createdAt }: AlertEntry): Date {
  return new Date(createdAt.getTime() + waitMs);
}

/** Whether an image may be holding something for itself that its first tag, just got, lets go. */
export function isLetGoByTag({ state, tags, indexes }: ImageRecord, now: Date): boolean {
  return state.kind === "scanned" && tags.length === 1 && indexes.length === 0 && !isOver(state.since, now);
}

type AboutImage = Pick<ImageRecord, "tags" | "indexes" | "firstSeenAt" | "lastPushedAt">;

/** From the push of a platform to the event of its index. */
const waitMs = 10_000;

function isOver(since: Date, now: Date): boolean {
  return now.getTime() - since.getTime() >= waitMs;
}
