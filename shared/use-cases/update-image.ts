import type { HistoryEntry } from "../domain/history-entry.ts";
import type { ImageId, ImageRecord } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import type { ImageStore } from "../ports/image-store.ts";

/** What to write in place of what was read; undefined leaves everything as it is. */
export interface ImageUpdate {
  readonly record: ImageRecord;
  readonly outbox?: readonly OutboxEntry[];
  readonly replaced?: readonly OutboxEntry[];
  readonly history?: HistoryEntry | undefined;
}

/**
 * Reads, decides and writes, again from the start when someone else was faster. `decide` may run several times:
 * it may prepare what the write will refer to, under ids that follow from content, and must not act. Resolves to the record that holds now.
 */
export async function updateImage<Found extends ImageRecord | undefined>(
  images: Pick<ImageStore, "read" | "write">,
  id: ImageId,
  decide: (known: ImageRecord | undefined) => ImageUpdate | Unchanged<Found> | Promise<ImageUpdate | Unchanged<Found>>,
): Promise<ImageRecord | Found> {
  for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
    const stored = await images.read(id);
    const decision = await decide(stored?.value);
    if ("unchanged" in decision) return decision.unchanged;
    const { record, ...also } = decision;
    const written = await images.write(record, stored?.etag ?? "new", also);
    if (written.kind === "written") return record;
  }
  throw new Error(`The record of image ${id} changed ${maximumAttempts.toString()} times while it was being written.`);
}

export interface Unchanged<Found> {
  readonly unchanged: Found;
}

/** Each round that fails is one that another writer won, so this many cannot be bad luck. */
const maximumAttempts = 50;
