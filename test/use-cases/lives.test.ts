import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { manyFindings } from "../support/samples.ts";
import { livesIn, newer, repository, type Lives } from "./lives-in.ts";
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

describe("the history of an image", () => {
  it("says the same as its alerts and its findings, scan after scan", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(3);
    await lives.scanPushed(image);
    workshop.scanner.findings = manyFindings(4).slice(1);
    workshop.scanner.database = newer;
    await lives.ask(image);

    const { entries, transitions } = await lives.history(image);
    const told = (await workshop.alerts()).map(({ event }) => Told.parse(JSON.parse(event)).data);

    expect(entries.map(({ changes }) => changes)).toEqual([{ opened: 3 }, { opened: 1, retracted: 1 }]);
    expect(told.map(({ changes }) => changes)).toEqual(entries.map(({ changes }) => changes));
    expect(told.map(({ findings }) => findings.map(({ id }) => id))).toEqual(
      transitions.map((changes) => changes.map(({ finding }) => finding.id)),
    );
    expect(entries.at(-1)).toMatchObject({ counts: (await workshop.read(image))?.scan?.counts, exempted: 0 });
    expect((await lives.findings(image)).map(({ ended }) => ended?.kind)).toEqual([
      undefined,
      undefined,
      undefined,
      "retracted",
    ]);
  });

  it("gets nothing from a scan that changes nothing, which keeps the findings where they are", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(3);
    await lives.scanPushed(image);
    const before = await workshop.read(image);

    workshop.scanner.database = newer;
    await lives.ask(image);

    const after = await workshop.read(image);
    expect(after?.scan?.id).not.toBe(before?.scan?.id);
    expect(after?.scan?.findings).toBe(before?.scan?.findings);
    expect((await lives.history(image)).entries).toHaveLength(1);
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["findings.changed", "scan.completed"]);
  });

  it("gets nothing from a change that is not worth an entry, which the findings show all the same", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(1);
    await lives.scanPushed(image);

    workshop.scanner.findings = manyFindings(1, { title: "A better title" });
    workshop.scanner.database = newer;
    await lives.ask(image);

    expect((await lives.findings(image)).map(({ title }) => title)).toEqual(["A better title"]);
    expect((await lives.history(image)).entries).toHaveLength(1);
  });

  it("begins with an entry for a first scan that found nothing, and for the baseline that nobody is told", async () => {
    const image = await lives.pushed();
    await workshop.host.scanImage({ ...lives.requestFor(image), reason: "discovered" }, "message");

    expect((await lives.history(image)).entries).toMatchObject([{ changes: {}, cause: { kind: "scan" } }]);
    expect(await workshop.alerts()).toEqual([]);
  });

  it("ends with the image, and goes on when the image comes back to the same scan, each time anew", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(2);
    await lives.scanPushed(image);

    for (let time = 0; time < 2; time += 1) {
      await deleteManifest(workshop.registry.url, repository, image.digest);
      await workshop.clock.advance(60_000);
      await workshop.host.acceptRegistryEvent({ kind: "deleted", ...image, occurredAt: workshop.clock.now() });
      await workshop.work();
      await lives.pushed();
      await workshop.clock.advance(60_000);
      await lives.scanPushed(image);
    }

    const { entries } = await lives.history(image);
    expect(entries.map(({ cause }) => cause.kind)).toEqual(["scan", "gone", "scan", "gone", "scan"]);
    expect(entries.map(({ changes }) => changes)).toEqual([
      { opened: 2 },
      { resolved: 2 },
      { reopened: 2 },
      { resolved: 2 },
      { reopened: 2 },
    ]);
    const told = (await workshop.alerts()).map(({ kind }) => kind);
    expect(told).toEqual([
      "findings.changed",
      ...["image.gone", "findings.changed"],
      ...["image.gone", "findings.changed"],
    ]);
    expect((await workshop.read(image))?.scan?.counts.high).toBe(2);
  });
});

describe("an image with 20,000 findings", () => {
  it("keeps the transitions of all of them", async () => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(20_000);

    await lives.scanPushed(image);

    const { entries, transitions } = await lives.history(image);
    expect(entries.map(({ changes }) => changes)).toEqual([{ opened: 20_000 }]);
    expect(transitions[0]).toHaveLength(20_000);
  });
});

const Told = z.object({
  data: z.object({
    changes: z.record(z.string(), z.number()),
    findings: z.array(z.object({ id: z.string() })),
  }),
});
