import { addDays } from "../domain/days.ts";
import type { RetentionPolicy } from "../domain/retention-policy.ts";
import type { AlertLog } from "../ports/alert-log.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { StateRetention } from "../ports/state-retention.ts";
import { alertsPrefix, reportName, reportsPrefix, sbomName, sbomsPrefix, scanOfBlob } from "./blob-names.ts";
import { removeOldBlobs } from "./remove-old-blobs.ts";
import { sumUpHistories } from "./sum-up-histories.ts";

export interface ApplyRetentionPorts {
  readonly images: Pick<ImageStore, "listHistory" | "readTransitions" | "saveTransitions" | "removeStrays">;
  readonly retention: StateRetention;
  readonly blobs: BlobStore;
  readonly alertLog: Pick<AlertLog, "removeOlder">;
  readonly deliveryLog: Pick<DeliveryLog, "removeOlder">;
  readonly deadLetters: Pick<DeadLetters, "removeOlder">;
  readonly retentionPolicy: RetentionPolicy;
  readonly clock: Clock;
}

/** How many of each kind one run removed. */
export interface AppliedRetention {
  readonly alerts: number;
  readonly deliveries: number;
  readonly deadLetters: number;
  /** How many entries of histories there are fewer, since one took the place of several. */
  readonly historyEntries: number;
  readonly goneImages: number;
  readonly sboms: number;
  /** Reports and stored alerts that a crash had left. */
  readonly leftovers: number;
}

/**
 * Removes what was kept long enough, a limited amount in one run; the next run finds the rest. It keeps no place: an end
 * half way leaves less to do. What has yet to be told, and what the record of an image points at, stays.
 */
export const applyRetention = (ports: ApplyRetentionPorts) => {
  const { images, alertLog, deliveryLog, deadLetters, retentionPolicy: policy, clock } = ports;
  const sumUp = sumUpHistories(ports);
  return async (): Promise<AppliedRetention> => {
    const now = clock.now();
    const alerts = await inPages((limit) => alertLog.removeOlder(addDays(now, -policy.alertDays), limit));
    const deliveries = await inPages((limit) => deliveryLog.removeOlder(addDays(now, -policy.deliveryDays), limit));
    const letters = await inPages((limit) => deadLetters.removeOlder(addDays(now, -policy.deadLetterDays), limit));
    const historyEntries = await sumUp(addDays(now, -policy.historyDays), pageSize);
    const goneImages = await removeGoneImages(ports, addDays(now, -policy.goneImageDays));
    await inPages((limit) => images.removeStrays(addDays(now, -leftoverDays), limit));
    const sboms = await removeSboms(ports, addDays(now, -policy.sbomDays));
    const leftovers = await removeLeftovers(ports, addDays(now, -leftoverDays));
    return { alerts, deliveries, deadLetters: letters, historyEntries, goneImages, sboms, leftovers };
  };
};

const pageSize = 500;
const pagesPerRun = 40;

/** What is being written belongs to work that ends within minutes; a day is beyond every doubt. */
const leftoverDays = 1;

async function inPages(removePage: (limit: number) => Promise<number>): Promise<number> {
  let removed = 0;
  for (let page = 0; page < pagesPerRun; page += 1) {
    const more = await removePage(pageSize);
    removed += more;
    if (more < pageSize) break;
  }
  return removed;
}

/** Their blobs first: as long as the record is there, the next run finds it. */
async function removeGoneImages({ retention, blobs }: ApplyRetentionPorts, before: Date): Promise<number> {
  return inPages(async (limit) => {
    const gone = await retention.listGone(before, limit);
    let removed = 0;
    for (const { value, etag } of gone) {
      if (value.scan !== undefined)
        for (const name of [reportName(value.scan.id), sbomName(value.scan.id)]) await blobs.remove(name);
      if (await retention.removeImage(value.id, etag)) removed += 1;
    }
    return removed;
  });
}

async function removeSboms(ports: ApplyRetentionPorts, before: Date): Promise<number> {
  return removeOldBlobs(ports.blobs, { prefix: sbomsPrefix, before, limit: blobsPerRun }, (names) =>
    ofPointedAt(ports, names),
  );
}

/** A report whose scan is still pointed at waits for its SBOM, if only as a dead letter. */
async function removeLeftovers(ports: ApplyRetentionPorts, before: Date): Promise<number> {
  const { blobs, retention } = ports;
  const reports = await removeOldBlobs(blobs, { prefix: reportsPrefix, before, limit: blobsPerRun }, (names) =>
    ofPointedAt(ports, names),
  );
  const alerts = await removeOldBlobs(blobs, { prefix: alertsPrefix, before, limit: blobsPerRun }, async (names) => {
    const toTell = await Promise.all(names.map((name) => retention.isToBeTold(name)));
    return new Set(names.filter((_, index) => toTell[index]));
  });
  return reports + alerts;
}

const blobsPerRun = 20_000;

async function ofPointedAt({ retention }: ApplyRetentionPorts, names: readonly string[]): Promise<ReadonlySet<string>> {
  const scans = await retention.pointedAt(names.map(scanOfBlob));
  return new Set(names.filter((name) => scans.has(scanOfBlob(name))));
}
