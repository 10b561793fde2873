import { recordArrival } from "../domain/arrival.ts";
import { collapseAlerts, type PlatformAlerts } from "../domain/collapse-alerts.ts";
import type { Digest } from "../domain/digest.ts";
import { imageId, type ImageId, type ImageRecord } from "../domain/image-record.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import type { AlertEntry } from "../domain/outbox-entry.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { alertEntries } from "./alert-entries.ts";
import { alertsOf } from "./alerts-of.ts";
import { publishOutbox, type PublishOutboxPorts } from "./publish-outbox.ts";
import { releaseHeld, type ReleaseHeldPorts } from "./release-held.ts";

export type TellIndexPorts = PublishOutboxPorts & ReleaseHeldPorts;

/**
 * Tells what the platforms of an index have held back, once all of them are settled or one has waited for ten minutes:
 * one alert about the index. May be called at any time and by several at once. One conditional write puts the alert into
 * the outbox of the index and names the entries that it tells; these are deleted before anything else is told, so an end
 * at any point loses nothing and tells nothing twice.
 * @param platforms some that may hold something, for an index whose list of platforms is not known (any more)
 */
export const tellIndex = (ports: TellIndexPorts) => {
  const { images, blobs, clock } = ports;
  const publish = publishOutbox(ports);
  const release = releaseHeld(ports);

  return async (index: ImageReference, platforms: readonly ImageId[] = []): Promise<void> => {
    for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
      const stored = await images.read(imageId(index));
      const record = stored?.value ?? recordArrival(undefined, { image: index, reason: "pushed" }, clock.now());
      // Read after the record: whoever tells one of them changes the record, and the write below finds out.
      const ids = [...new Set([...platformsOf(record), ...platforms])];
      if ((await heldEntries(index.digest, ids)).length === 0) return;
      const settled = await areSettled(images, record);
      // Read again after the platforms: when they are settled, all that they have to tell is there.
      const held = await heldEntries(index.digest, ids);
      const announced = new Set(record.announced);
      await forget(
        ports,
        held.filter(({ id }) => announced.has(id)),
      );
      const members = held.filter(({ id }) => !announced.has(id)).slice(0, maximumMembers);
      if (members.length === 0) return;
      if (!settled && !isOverdue(members, clock.now())) return;

      const told = collapseAlerts(record, await Promise.all(members.map((entry) => platformAlerts(entry, blobs))));
      const outbox = await alertEntries(blobs, record, told, clock.now());
      const next = { ...record, announced: members.map(({ id }) => id) };
      const written = await images.write(next, stored?.etag ?? "new", { outbox });
      if (written.kind === "conflict") continue;
      reached("index-told");
      await forget(ports, members);
      reached("held-removed");
      await publish(outbox, told);
    }
    throw new Error(`The record of the index ${index.digest} changed whenever its platforms were to be told.`);
  };

  async function heldEntries(index: Digest, platforms: readonly ImageId[]): Promise<readonly AlertEntry[]> {
    const entries = await Promise.all(platforms.map(heldBy));
    return entries.flat().filter(({ held }) => held?.kind === "forIndex" && held.index === index);
  }

  async function heldBy(platform: ImageId): Promise<readonly AlertEntry[]> {
    const entries = await images.heldOutbox(maximumMembers, platform);
    if (!entries.some(({ held }) => held?.kind === "forItself")) return entries;
    await release(platform);
    return images.heldOutbox(maximumMembers, platform);
  }
};

/** From when the first platform was judged. */
const maximumHoldMs = 10 * 60 * 1000;

/** More are told by a further alert: each takes a kilobyte of it. */
const maximumMembers = 50;

/** Each round either tells some of at most a few hundred members or loses to another writer. */
const maximumAttempts = 50;

/** Missing for an index that is not expanded (yet). */
function platformsOf({ image, state }: ImageRecord): readonly ImageId[] {
  return state.kind === "expanded" ? state.manifests.map((digest) => imageId({ ...image, digest })) : [];
}

function isOverdue(members: readonly AlertEntry[], now: Date): boolean {
  return members.some(({ createdAt }) => now.getTime() - createdAt.getTime() >= maximumHoldMs);
}

/** Whether nothing more is to come. An index that is not read yet brings its platforms later. */
async function areSettled(images: Pick<ImageStore, "read">, index: ImageRecord): Promise<boolean> {
  if (isAwaited(index)) return false;
  for (const platform of platformsOf(index)) {
    const stored = await images.read(platform);
    if (stored === undefined || isAwaited(stored.value)) return false;
  }
  return true;
}

function isAwaited({ state }: ImageRecord): boolean {
  return state.kind === "waiting" || state.kind === "scanning";
}

async function platformAlerts(entry: AlertEntry, blobs: BlobStore): Promise<PlatformAlerts> {
  const alerts = await alertsOf(entry, blobs);
  return {
    id: entry.id,
    alerts: alerts.filter((alert) => alert.kind === "findings.changed" || alert.kind === "scan.completed"),
  };
}

/** The blob first: while the entry is there, the next call finds it and goes on. */
async function forget({ images, blobs }: TellIndexPorts, entries: readonly AlertEntry[]): Promise<void> {
  if (entries.length === 0) return;
  for (const entry of entries) if (entry.kind === "storedAlerts") await blobs.remove(entry.blob);
  await images.removeOutbox(entries);
}
