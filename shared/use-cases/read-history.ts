import { knownAt, type RecordedChanges } from "../domain/known-at.ts";
import type { FindingChange } from "../domain/finding-changes.ts";
import type { HistoryEntry } from "../domain/history-entry.ts";
import type { ImageId, ImageRecord } from "../domain/image-record.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { ImageStore, Page, PageRequest } from "../ports/image-store.ts";
import { everyItem } from "./every-item.ts";

export type HistoryPorts = Pick<ImageStore, "read" | "listHistory" | "readTransitions">;

/** An image with the entries of its history, oldest first. Undefined for an image that is not known. */
export const readHistory =
  (images: HistoryPorts) =>
  async (
    id: ImageId,
    page: PageRequest,
  ): Promise<{ readonly image: ImageRecord; readonly history: Page<HistoryEntry> } | undefined> => {
    const stored = await images.read(id);
    return stored && { image: stored.value, history: await images.listHistory(id, page) };
  };

/** An entry with what it changed. Undefined when the image's history has no such entry. */
export const readHistoryEntry =
  (images: HistoryPorts) =>
  async (
    image: ImageId,
    id: string,
  ): Promise<{ readonly entry: HistoryEntry; readonly changes: readonly FindingChange[] } | undefined> => {
    for await (const entry of historyOf(images, image))
      if (entry.id === id) return { entry, changes: await images.readTransitions(image, id) };
    return undefined;
  };

export type PastFindings =
  | { readonly kind: "unknownImage" }
  /** The history begins later, if it has begun at all. */
  | { readonly kind: "nothingKnown"; readonly beginsAt?: Date | undefined }
  | {
      readonly kind: "known";
      readonly image: ImageRecord;
      /** The newest one until then. */
      readonly entry: HistoryEntry;
      readonly findings: readonly TrackedFinding[];
    };

/** What was known of an image at an instant: what its history says until then. */
export const readPastFindings =
  (images: HistoryPorts) =>
  async (id: ImageId, at: Date): Promise<PastFindings> => {
    const stored = await images.read(id);
    if (stored === undefined) return { kind: "unknownImage" };
    const entries: RecordedChanges[] = [];
    let newest: HistoryEntry | undefined;
    for await (const entry of historyOf(images, id)) {
      if (entry.at > at) {
        if (newest === undefined) return { kind: "nothingKnown", beginsAt: entry.at };
        break;
      }
      entries.push({ at: entry.at, changes: await images.readTransitions(id, entry.id) });
      newest = entry;
    }
    if (newest === undefined) return { kind: "nothingKnown" };
    return { kind: "known", image: stored.value, entry: newest, findings: knownAt(entries) };
  };

function historyOf(images: HistoryPorts, image: ImageId): AsyncGenerator<HistoryEntry> {
  return everyItem((page) => images.listHistory(image, page), 500);
}
