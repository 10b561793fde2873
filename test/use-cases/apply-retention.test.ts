import { describe, expect, it, onTestFinished } from "vitest";
import type { FindingChange } from "../../shared/domain/finding-changes.ts";
import { imageId, type ImageRecord } from "../../shared/domain/image-record.ts";
import { knownAt } from "../../shared/domain/known-at.ts";
import type { RetentionPolicy } from "../../shared/domain/retention-policy.ts";
import { alertsName, reportName, sbomName } from "../../shared/use-cases/blob-names.ts";
import { manualClock } from "../support/manual-clock.ts";
import {
  aDigest,
  aFinding,
  aFindingsChangedAlert,
  aHistoryEntry,
  anAlertEntry,
  anImage,
  anImageRecord,
  aScanSummary,
  manyFindings,
  tracked,
} from "../support/samples.ts";
import { openWorkshop } from "./workshop.ts";

const day = 86_400_000;

const nothing = {
  alerts: 0,
  deliveries: 0,
  deadLetters: 0,
  historyEntries: 0,
  goneImages: 0,
  sboms: 0,
  leftovers: 0,
};

describe("applyRetention", () => {
  it("removes alerts, attempts and dead letters once they are old enough, and no day before", async () => {
    const { parts, after } = await arrange({ alertDays: 3, deliveryDays: 2, deadLetterDays: 4 });
    const now = parts.clock.now();
    await parts.alertLog.add([{ alert: aFindingsChangedAlert(), event: "{}" }], now);
    await parts.deliveryLog.add({
      subscriber: "ops",
      alertId: "a",
      attempt: 1,
      at: now,
      durationMs: 5,
      answer: { kind: "accepted", status: 204 },
    });
    const origin = { kind: "queue", queue: "scan-requests" } as const;
    await parts.deadLetters.add({ source: "a", reason: "b", detail: "c", body: "d", origin }, now);

    const removed = [await after(1.5), await after(1), await after(1), await after(1)];

    expect(removed).toEqual([
      nothing,
      { ...nothing, deliveries: 1 },
      { ...nothing, alerts: 1 },
      { ...nothing, deadLetters: 1 },
    ]);
  });

  it("removes an image that is gone for long enough with everything of it, and nothing of another", async () => {
    const { parts, after } = await arrange({ goneImageDays: 5 });
    const gone = await save(parts, anImageRecord({ state: { kind: "gone", since: parts.clock.now() } }));
    const stays = await save(parts, anImageRecord({ image: anImage({ digest: aDigest("stays") }) }));

    const removed = [await after(4), await after(2)];

    expect(removed.map(({ goneImages }) => goneImages)).toEqual([0, 1]);
    expect(await everythingOf(parts, gone)).toEqual([undefined, [], [], [], [], undefined]);
    expect(await everythingOf(parts, stays)).toMatchObject([
      { value: stays },
      [{}],
      [{}],
      [{}],
      [{}],
      expect.anything(),
    ]);
  });

  it("keeps an image that is gone as long as that has not been told", async () => {
    const { parts, after } = await arrange({ goneImageDays: 1 });
    const record = anImageRecord({ state: { kind: "gone", since: parts.clock.now() } });
    const entry = anAlertEntry();
    await parts.images.write(record, "new", { outbox: [entry] });

    const before = await after(3);
    await parts.images.removeOutbox([entry]);
    const told = await after(0);

    expect([before.goneImages, told.goneImages]).toEqual([0, 1]);
  });

  it("removes SBOMs that no image points at, and keeps the one of a current image however old", async () => {
    const { parts, after } = await arrange({ sbomDays: 10, goneImageDays: 1000 });
    const current = await save(parts, anImageRecord());
    const gone = await save(
      parts,
      anImageRecord({
        image: anImage({ digest: aDigest("gone") }),
        state: { kind: "gone", since: parts.clock.now() },
      }),
    );
    await parts.blobs.save(sbomName("0ld"), new Uint8Array());

    const removed = [await after(9), await after(2)];

    expect(removed.map(({ sboms }) => sboms)).toEqual([0, 2]);
    expect(await parts.blobs.read(sbomName(current.scan?.id ?? ""))).toBeDefined();
    expect(await parts.blobs.read(sbomName(gone.scan?.id ?? ""))).toBeUndefined();
  });

  it("removes reports, stored alerts and findings that a crash has left, and keeps those that are still needed", async () => {
    const { parts, after } = await arrange({});
    const record = await save(parts, anImageRecord());
    const needed = [reportName(record.scan?.id ?? ""), alertsName("to-tell")];
    const left = [reportName("1eft"), alertsName("left")];
    for (const name of [...needed, ...left]) await parts.blobs.save(name, new Uint8Array());
    await parts.images.saveFindings(record.id, "1eft", tracked([aFinding()]));
    const image = anImage({ digest: aDigest("other") });
    const entry = { kind: "storedAlerts", id: "to-tell", image: imageId(image), createdAt: new Date() } as const;
    await parts.images.write(anImageRecord({ image, scan: undefined }), "new", {
      outbox: [{ ...entry, blob: alertsName("to-tell") }],
    });

    const early = await after(0.5);
    const late = await after(1);

    expect([early.leftovers, late.leftovers]).toEqual([0, 2]);
    for (const name of needed) expect(await parts.blobs.read(name)).toBeDefined();
    for (const name of left) expect(await parts.blobs.read(name)).toBeUndefined();
    expect(await parts.images.readFindings(record.id, "1eft")).toEqual([]);
    expect(await parts.images.readFindings(record.id, record.scan?.findings ?? "")).toHaveLength(1);
  });

  it("puts one entry in the place of old history, and what was known since then stays the same", async () => {
    const { parts, after } = await arrange({ historyDays: 100, goneImageDays: 1000 });
    const [first, second, third, fourth] = manyFindings(4);
    if (!first || !second || !third || !fourth) throw new Error("Four findings are needed.");
    const exemption = { id: "accepted", since: new Date("2026-01-01T00:00:00Z") };
    const record = anImageRecord();
    await parts.images.write(record, "new");
    const begin = parts.clock.now().getTime();
    const past: readonly (readonly [day: number, changes: readonly FindingChange[]])[] = [
      [-200, [opened(first), opened(second)]],
      [-150, [{ kind: "resolved", finding: first }, opened(third)]],
      [-120, [{ kind: "exempted", finding: second, exemption }]],
      [-50, [opened(fourth), { kind: "exemptionEnded", finding: second, exemption }]],
      [-20, [{ kind: "resolved", finding: third }]],
    ];
    for (const [days, changes] of past) {
      const id = `entry${(-days).toString()}`;
      await parts.images.saveTransitions(record.id, id, changes);
      const history = aHistoryEntry({ id, at: new Date(begin + days * day) });
      const stored = await parts.images.read(record.id);
      await parts.images.write(record, stored?.etag ?? "new", { history });
    }
    const before = await knownAfterEach(parts, record);

    const removed = await after(0);
    const again = await after(0);

    const { items } = await parts.images.listHistory(record.id, { limit: 10 });
    const days = items.map(({ at }) => (at.getTime() - begin) / day);
    expect([removed.historyEntries, again.historyEntries]).toEqual([2, 0]);
    expect(days).toEqual([-120, -50, -20]);
    expect(items[0]?.changes).toEqual({ opened: 1, exempted: 1 });
    expect(await knownAfterEach(parts, record)).toEqual(before.slice(2));
  });

  it("does nothing the second time", async () => {
    const { parts, after } = await arrange({});
    await save(parts, anImageRecord({ state: { kind: "gone", since: parts.clock.now() } }));

    await after(400);

    expect(await after(0)).toEqual(nothing);
  });
});

type Parts = Awaited<ReturnType<typeof openWorkshop>>["parts"];

/** Time begins now, since files carry the time of the machine. */
async function arrange(policy: Partial<RetentionPolicy>) {
  const clock = manualClock(new Date());
  const long = 10_000;
  const retentionPolicy = {
    historyDays: long,
    sbomDays: long,
    alertDays: long,
    deliveryDays: long,
    goneImageDays: 30,
    deadLetterDays: long,
    ...policy,
  };
  const { parts, host, ...workshop } = await openWorkshop({ clock, retentionPolicy });
  onTestFinished(() => workshop[Symbol.asyncDispose]());
  const after = async (days: number) => {
    await clock.advance(days * day + 1);
    return await host.applyRetention();
  };
  return { parts, after };
}

/** A record with findings, history, report and SBOM. */
async function save({ images, blobs, clock }: Parts, given: ImageRecord): Promise<ImageRecord> {
  const { image } = given;
  const record = { ...given, scan: aScanSummary({ image }) };
  const scan = record.scan.id;
  await images.saveFindings(record.id, record.scan.findings, tracked([aFinding()]));
  await images.saveTransitions(record.id, "e1", [opened(aFinding())]);
  const history = aHistoryEntry({ id: "e1", image: record.id, at: clock.now() });
  await images.write(record, "new", { history });
  await blobs.save(sbomName(scan), new Uint8Array());
  return record;
}

async function everythingOf({ images, blobs }: Parts, { id, image, scan, tags }: ImageRecord): Promise<unknown[]> {
  return [
    await images.read(id),
    await images.readFindings(id, scan?.findings ?? ""),
    (await images.listHistory(id, { limit: 10 })).items,
    await images.readTransitions(id, "e1"),
    (await images.list({ tag: tags[0] }, { limit: 10 })).items.filter((each) => each.image.digest === image.digest),
    await blobs.read(sbomName(scan?.id ?? "")),
  ];
}

function opened(finding: FindingChange["finding"]): FindingChange {
  return { kind: "opened", finding };
}

/** Ids, severities and exemptions of what was open after each entry. */
async function knownAfterEach({ images }: Parts, { id }: ImageRecord) {
  const { items } = await images.listHistory(id, { limit: 100 });
  const recorded = [];
  const known = [];
  for (const { id: entry, at } of items) {
    recorded.push({ at, changes: await images.readTransitions(id, entry) });
    known.push(knownAt(recorded).map((each) => ({ ...each, firstSeenAt: undefined })));
  }
  return known;
}
