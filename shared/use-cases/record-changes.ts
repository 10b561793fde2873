import type { ImageAlert } from "../domain/alert.ts";
import type { LifeDecision } from "../domain/decide-life.ts";
import { followRecord } from "../domain/follow-record.ts";
import type { HistoryCause, HistoryEntry } from "../domain/history-entry.ts";
import type { ImageId, ImageRecord, JudgedScan, ScanSummary } from "../domain/image-record.ts";
import type { OutboxEntry } from "../domain/outbox-entry.ts";
import { isSameContent } from "../domain/same-content.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { alertEntries } from "./alert-entries.ts";
import { publishOutbox, type PublishOutboxPorts } from "./publish-outbox.ts";
import { readTrackedFindings } from "./read-findings.ts";
import { updateImage } from "./update-image.ts";

export interface RecordChangesPorts extends PublishOutboxPorts {
  readonly images: ImageStore;
  readonly blobs: BlobStore;
}

/** What is on record. */
export interface KnownImage {
  readonly record: ImageRecord | undefined;
  /** Every finding with its life so far; none before the first scan. */
  readonly tracked: () => Promise<readonly TrackedFinding[]>;
  /** The given instant, or the one after the newest entry of the history when that is not earlier. */
  readonly after: (at: Date) => Date;
}

/** What is to be recorded. */
export interface ImageChange {
  /** What the record becomes, but for its scan when {@link findings} are given. */
  readonly record: ImageRecord;
  /** With findings: as {@link KnownImage.after} gave it. */
  readonly at: Date;
  readonly findings?: FindingsDecision | undefined;
  /** Told in any case. */
  readonly alerts?: readonly ImageAlert[] | undefined;
  /** What else gets into the outbox. */
  readonly outbox?: readonly OutboxEntry[] | undefined;
  /** Stores what else the record or the outbox point at, at the same time as the findings. */
  readonly save?: (() => Promise<unknown>) | undefined;
}

export interface FindingsDecision extends LifeDecision {
  readonly cause: HistoryCause;
  /** The newest one. Its counts are filled in. */
  readonly scan: JudgedScan;
  /** What is told of the changes, given what is to be committed. The entry is missing when nothing changed. */
  readonly alerts?: (record: ImageRecord, scan: ScanSummary, entry: HistoryEntry | undefined) => readonly ImageAlert[];
}

export type Recorded =
  | { readonly kind: "unchanged"; readonly record: ImageRecord | undefined }
  | {
      readonly kind: "recorded";
      readonly record: ImageRecord;
      readonly alerts: readonly ImageAlert[];
      /** Missing when no finding changed. */
      readonly entry: HistoryEntry | undefined;
    };

/**
 * Records what became of an image, all at once or not at all, and publishes what there is to tell. Findings and their
 * transitions are saved first, under an id that follows from what holds until then, the cause and the instant; one
 * conditional write then points the record at them, and adds the entry to the history and the alerts to the outbox. A
 * set of findings in which nothing differs is kept. What was prepared in vain is left to {@link ImageStore.removeStrays}.
 * @param decide runs again when somebody else was faster, so it must not act; undefined leaves everything as it is
 */
export const recordChanges = (ports: RecordChangesPorts) => {
  const { images } = ports;
  const publish = publishOutbox(ports);
  return async (
    id: ImageId,
    decide: (known: KnownImage) => ImageChange | undefined | Promise<ImageChange | undefined>,
  ): Promise<Recorded> => {
    const last: { prepared?: Prepared | undefined; before?: ScanSummary | undefined } = {};
    const written = await updateImage<ImageRecord | undefined>(images, id, async (known) => {
      const found = knownImage(images, id, known);
      const change = await decide(found);
      last.before = known?.scan;
      last.prepared = change && (await prepare(ports, change, found));
      return last.prepared ?? { unchanged: known };
    });
    const { prepared, before } = last;
    if (prepared === undefined) return { kind: "unchanged", record: written };
    reached("head-written");
    const { record, alerts, outbox, history: entry } = prepared;
    await publish(outbox, alerts);
    // Readers that began with the old set see that the record moved on, and read again.
    if (before !== undefined && before.findings !== record.scan?.findings)
      await images.removeFindings(id, before.findings);
    return { kind: "recorded", record, alerts, entry };
  };
};

function knownImage(
  images: Pick<ImageStore, "readFindings">,
  id: ImageId,
  record: ImageRecord | undefined,
): KnownImage {
  const scan = record?.scan;
  let tracked: Promise<readonly TrackedFinding[]> | undefined;
  return {
    record,
    tracked: () => (tracked ??= scan === undefined ? Promise.resolve([]) : readTrackedFindings(images, id, scan)),
    after: (at) => (scan?.changedAt === undefined || scan.changedAt < at ? at : new Date(scan.changedAt.getTime() + 1)),
  };
}

/** Everything that the write needs. */
interface Prepared {
  readonly record: ImageRecord;
  readonly alerts: readonly ImageAlert[];
  readonly outbox: readonly OutboxEntry[];
  readonly history: HistoryEntry | undefined;
}

async function prepare(
  { images, blobs }: RecordChangesPorts,
  change: ImageChange,
  known: KnownImage,
): Promise<Prepared> {
  const { at, findings, outbox = [] } = change;
  const followed = findings && (await follow(change.record, findings, at, known));
  const record = followed?.record ?? change.record;
  const entry = followed?.entry;
  // Saving takes as long as deciding what to tell, and storing that, so both go on at the same time.
  const saving = [
    followed?.newSet === undefined
      ? Promise.resolve()
      : images.saveFindings(record.id, followed.newSet, findings?.findings ?? []),
    entry === undefined ? Promise.resolve() : images.saveTransitions(record.id, entry.id, findings?.changes ?? []),
    change.save?.() ?? Promise.resolve(),
  ];
  const telling = tell();
  await Promise.allSettled([...saving, telling]);
  await Promise.all(saving);
  if (findings !== undefined) reached("findings-saved");
  const { alerts, entries } = await telling;
  return { record, alerts, outbox: [...entries, ...outbox], history: entry };

  async function tell() {
    const news = followed === undefined ? [] : (findings?.alerts?.(record, followed.scan, entry) ?? []);
    const alerts = [...(change.alerts ?? []), ...news];
    return { alerts, entries: await alertEntries(blobs, record, alerts, at) };
  }
}

async function follow(record: ImageRecord, decision: FindingsDecision, at: Date, known: KnownImage) {
  const differs = !isSameContent(decision.findings, await known.tracked());
  return followRecord(record, decision, { at, before: known.record?.scan, differs });
}
