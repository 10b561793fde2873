import { copyFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decideExemptions } from "../../shared/domain/decide-life.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import { buildHost } from "../../shared/hosts/host.ts";
import type { Exemptions } from "../../shared/ports/exemptions.ts";
import { commitScan } from "../../shared/use-cases/commit-scan.ts";
import { recordChanges } from "../../shared/use-cases/record-changes.ts";
import { aScanner, manyFindings } from "../support/samples.ts";
import { livesIn, newer, type Lives } from "./lives-in.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let lives: Lives;

beforeEach(async () => {
  workshop = await openWorkshop();
  lives = livesIn(workshop);
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

describe("a commit", () => {
  it("that is made again after a crash adds nothing: no entry, no alert", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(2);
    const crashing = buildHost({
      ...workshop.parts,
      alerts: { publish: () => Promise.reject(new Error("The process dies.")) },
    });
    await expect(crashing.scanImage(lives.requestFor(image), "message")).rejects.toThrow("dies");

    const again = await workshop.host.scanImage(lives.requestFor(image), "message");
    await workshop.host.relayOutbox();
    await workshop.host.relayOutbox();

    expect(again).toEqual({ kind: "answered" });
    expect((await lives.history(image)).entries).toHaveLength(1);
    expect(await workshop.alerts()).toHaveLength(1);
  });

  it("that a crash ended before the record is made once by the replay", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(2);
    const { images } = workshop.parts;
    let writes = 0;
    const crashing = buildHost({
      ...workshop.parts,
      images: {
        ...images,
        write: (...given) => {
          writes += 1;
          return writes === 2 ? Promise.reject(new Error("The process dies.")) : images.write(...given);
        },
      },
    });
    await expect(crashing.scanImage(lives.requestFor(image), "message")).rejects.toThrow("dies");
    const between = await lives.history(image);
    await workshop.clock.advance(1_000);

    await workshop.host.scanImage(lives.requestFor(image), "message");
    await images.removeStrays(new Date(Date.now() + 60_000), 100);

    expect(between.entries).toEqual([]);
    expect((await lives.history(image)).transitions.map((changes) => changes.length)).toEqual([2]);
    expect(await lives.findings(image)).toHaveLength(2);
    expect(await workshop.alerts()).toHaveLength(1);
  });

  it("is decided again when exemptions changed the findings while it was made, and never by two", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(2);
    await lives.scanPushed(image);
    const record = recordChanges(workshop.parts);
    workshop.scanner.findings = manyFindings(3);
    workshop.scanner.database = newer;
    workshop.scanner.during = async () => {
      await record(imageId(image), async ({ record: known, tracked, after }) => {
        if (known?.scan === undefined) return undefined;
        const at = after(workshop.clock.now());
        const life = decideExemptions({ tracked: await tracked(), exemptions: () => accepted, at });
        return { record: known, at, findings: { ...life, cause: { kind: "exemptions" }, scan: known.scan } };
      });
    };
    await lives.ask(image, everythingExempted);

    const { entries } = await lives.history(image);
    expect(entries.map(({ changes }) => changes)).toEqual([{ opened: 2 }, { exempted: 2 }, { exempted: 1 }]);
    expect(entries.map(({ at }) => at.getTime())).toEqual(
      entries.map(({ at }) => at.getTime()).toSorted((a, b) => a - b),
    );
    expect((await workshop.read(image))?.scan).toMatchObject({ counts: { high: 0 }, exempted: 3 });
  });

  it("is made again, and once, when the image is pulled in the middle of it", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(2);
    const { images } = workshop.parts;
    const pull = { kind: "pulled", ...image, puller: {}, occurredAt: workshop.clock.now() } as const;
    const disturbed = buildHost({
      ...workshop.parts,
      images: {
        ...images,
        write: async (record, ...rest) => {
          if (record.state.kind === "scanned" && record.lastPulledAt === undefined)
            await workshop.host.acceptRegistryEvent(pull);
          return images.write(record, ...rest);
        },
      },
    });

    const ended = await disturbed.scanImage(lives.requestFor(image), "message");

    expect(ended).toEqual({ kind: "scanned", findings: 2, alerts: 1 });
    expect((await workshop.read(image))?.lastPulledAt).toEqual(pull.occurredAt);
    expect((await lives.history(image)).entries).toHaveLength(1);
    expect(await lives.findings(image)).toHaveLength(2);
  });

  it("of two that hold the same lease happens once", async () => {
    const image = await lives.pushed();
    const report = { image, scannedAt: workshop.clock.now(), scanner: aScanner, database: newer, packageCount: 1 };
    const commit = commitScan(workshop.parts);
    let kinds: readonly string[] = [];
    const host = buildHost({
      ...workshop.parts,
      scanner: {
        ...workshop.parts.scanner,
        scan: async (_image, use) => {
          const { state } = (await workshop.read(image)) ?? {};
          if (state?.kind !== "scanning") throw new Error("It is being scanned.");
          return workshop.parts.scanner.scan(image, async (outcome) => {
            if (outcome.kind !== "scanned") throw new Error("It was scanned.");
            const { file } = outcome.rawReport;
            await copyFile(file, `${file}.2`);
            const finished = (count: number, rawReport: { readonly file: string }) => ({
              request: lives.requestFor(image),
              lease: state.lease,
              outcome: { kind: "scanned" as const, rawReport, report: { ...report, findings: manyFindings(count) } },
            });
            const both = [finished(2, { file }), finished(3, { file: `${file}.2` })];
            const ends = await Promise.all(both.map(commit));
            kinds = ends.map(({ kind }) => kind);
            return use(outcome);
          });
        },
      },
    });

    await host.scanImage(lives.requestFor(image), "message");

    expect(kinds.toSorted()).toEqual(["scanned", "superseded"]);
    const { entries, transitions } = await lives.history(image);
    expect(entries).toHaveLength(1);
    expect(await lives.findings(image)).toHaveLength(transitions[0]?.length ?? 0);
    expect(await workshop.alerts()).toHaveLength(1);
  });
});

const accepted = { id: "accepted", since: new Date("2026-01-01T00:00:00Z") };

const everythingExempted: Exemptions = { current: async () => ({ all: [], of: () => () => accepted }) };
