import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../shared/domain/finding.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import { parseRepository, parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import { InvalidCursorError } from "../../shared/ports/image-store.ts";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { push } from "../support/images/push.ts";
import { alpineImage, nodeImage } from "../support/images/sample-images.ts";
import { aFinding } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const repository = parseRepository("team/web");
const tag = parseTag("1.0");
const day = 86_400_000;

let workshop: Workshop;

beforeEach(async () => {
  workshop = await openWorkshop();
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

describe("what was known at an instant", () => {
  it("is what scans until then had shown, with the severities of then", async () => {
    const image = await pushed(await alpineImage(), [flaw(1, { severity: "low" })]);
    const monday = workshop.clock.now();
    const tuesday = await aDayLater(image, [flaw(1, { severity: "critical" }), flaw(2)]);
    const wednesday = await aDayLater(image, [flaw(2)]);

    expect(await severitiesAt(image, monday)).toEqual([["CVE-2026-1", "low"]]);
    expect(await severitiesAt(image, new Date(tuesday.getTime() - 1))).toEqual([["CVE-2026-1", "low"]]);
    expect(await severitiesAt(image, tuesday)).toEqual([
      ["CVE-2026-1", "critical"],
      ["CVE-2026-2", "high"],
    ]);
    expect(await severitiesAt(image, wednesday)).toEqual([["CVE-2026-2", "high"]]);
  });

  it("is nothing before the first scan, which is no empty list", async () => {
    const { host, clock } = workshop;
    const before = clock.now();
    await clock.advance(day);
    const image = await pushed(await alpineImage(), []);

    expect(await host.readPastFindings(imageId(image), before)).toEqual({
      kind: "nothingKnown",
      beginsAt: clock.now(),
    });
    expect(await host.readPastFindings(imageId(image), clock.now())).toMatchObject({ kind: "known", findings: [] });
    expect(await host.readPastFindings("none", clock.now())).toEqual({ kind: "unknownImage" });
  });

  it("stays when the image is gone", async () => {
    const image = await pushed(await alpineImage(), [flaw(1)]);
    const before = workshop.clock.now();
    await isDeleted(image);

    expect(await severitiesAt(image, before)).toEqual([["CVE-2026-1", "high"]]);
    expect(await severitiesAt(image, workshop.clock.now())).toEqual([]);
  });
});

describe("the history of an image", () => {
  it("has an entry for each time that something changed, oldest first, and what it changed", async () => {
    const { host } = workshop;
    const image = await pushed(await alpineImage(), [flaw(1), flaw(2)]);
    await aDayLater(image, [flaw(1), flaw(2)]);
    await aDayLater(image, [flaw(2)]);
    const id = imageId(image);

    const entries = (await host.readHistory(id, { limit: 10 }))?.history.items ?? [];
    const last = await host.readHistoryEntry(id, entries.at(-1)?.id ?? "");

    expect(entries).toMatchObject([
      { cause: { kind: "scan", reason: "pushed" }, changes: { opened: 2 }, counts: { high: 2 } },
      { cause: { kind: "scan", reason: "asked" }, changes: { retracted: 1 }, counts: { high: 1 } },
    ]);
    expect(last?.entry).toEqual(entries.at(-1));
    expect(last?.changes).toMatchObject([{ kind: "retracted", finding: { vulnerabilityId: "CVE-2026-1" } }]);
  });

  it("comes in pages, and knows neither images nor entries that are not there", async () => {
    const { host } = workshop;
    const image = await pushed(await alpineImage(), [flaw(1)]);
    await aDayLater(image, [flaw(2)]);
    const id = imageId(image);

    const first = await host.readHistory(id, { limit: 1 });
    const second = await host.readHistory(id, { limit: 1, cursor: first?.history.next });

    expect(first?.history.items).toHaveLength(1);
    expect(second?.history.items).toHaveLength(1);
    expect(second?.history.items).not.toEqual(first?.history.items);
    expect(second?.history.next).toBeUndefined();
    expect(await host.readHistory("none", { limit: 1 })).toBeUndefined();
    expect(await host.readHistoryEntry(id, "none")).toBeUndefined();
  });
});

describe("a tag that moves on", () => {
  it("lists the images that it named, the newest last, and what became different", async () => {
    const { host, clock, registry } = workshop;
    const yesterday = await pushed(await alpineImage(), [flaw(1), flaw(2)]);
    await clock.advance(day);
    const today = await pushed(await nodeImage(), [flaw(2, { severity: "critical" }), flaw(3)]);
    const named = { registry: registry.host, repository, tag };

    const { items } = await host.listTaggedImages(named, { limit: 10 });
    const first = await host.listTaggedImages(named, { limit: 1 });
    const second = await host.listTaggedImages(named, { limit: 1, cursor: first.next });
    const compared = await host.compareDigests(imageId(today), imageId(yesterday));

    expect(items.map(({ image }) => image.digest)).toEqual([yesterday.digest, today.digest]);
    expect([...first.items, ...second.items]).toEqual(items);
    expect(second.next).toBeUndefined();
    expect(compared).toMatchObject({
      since: { image: yesterday },
      image: { image: today },
      comparison: {
        introduced: [{ vulnerabilityId: "CVE-2026-3" }],
        fixed: [{ vulnerabilityId: "CVE-2026-1" }],
        changed: [{ finding: { vulnerabilityId: "CVE-2026-2" }, previousSeverity: "high" }],
        persisting: 1,
      },
    });
  });

  it("is compared with what an image had when it went, when it is gone", async () => {
    const { host, clock } = workshop;
    const yesterday = await pushed(await alpineImage(), [flaw(1), flaw(4)]);
    await aDayLater(yesterday, [flaw(1)]);
    await clock.advance(day);
    const today = await pushed(await nodeImage(), [flaw(1), flaw(3)]);
    await isDeleted(yesterday);

    const compared = await host.compareDigests(imageId(today), imageId(yesterday));

    expect(compared).toMatchObject({
      comparison: { introduced: [{ vulnerabilityId: "CVE-2026-3" }], fixed: [], persisting: 1 },
    });
  });

  it("names the image that is not known, and refuses a cursor that is not its own", async () => {
    const { host, registry } = workshop;
    const image = await pushed(await alpineImage(), []);
    const named = { registry: registry.host, repository, tag };

    expect(await host.compareDigests("none", imageId(image))).toEqual({ unknown: "none" });
    expect(await host.compareDigests(imageId(image), "none")).toEqual({ unknown: "none" });
    await expect(host.listTaggedImages(named, { limit: 1, cursor: "x" })).rejects.toThrow(InvalidCursorError);
  });
});

async function pushed(manifest: Parameters<typeof push>[2], findings: readonly Finding[]): Promise<ImageReference> {
  const { registry, scanner, host, clock, work } = workshop;
  const { digest } = await push(registry.url, repository, manifest);
  const image = { registry: registry.host, repository, digest };
  scanner.findings = findings;
  await host.acceptRegistryEvent({ kind: "pushed", ...image, tag, occurredAt: clock.now() });
  await work();
  return image;
}

/** Scans again with a newer database, and returns when. */
async function aDayLater(image: ImageReference, findings: readonly Finding[]): Promise<Date> {
  const { clock, scanner, host, work } = workshop;
  await clock.advance(day);
  scanner.findings = findings;
  const updatedAt = new Date(scanner.database.updatedAt.getTime() + day);
  scanner.database = { updatedAt, digest: `sha256:of ${updatedAt.toISOString()}` };
  await host.requestScan(image);
  await work();
  return clock.now();
}

async function isDeleted(image: ImageReference): Promise<void> {
  const { clock, registry, host, work } = workshop;
  await clock.advance(day);
  await deleteManifest(registry.url, image.repository, image.digest);
  await host.requestScan(image);
  await work();
}

async function severitiesAt(image: ImageReference, at: Date) {
  const past = await workshop.host.readPastFindings(imageId(image), at);
  if (past.kind !== "known") throw new Error(`Nothing is known: ${past.kind}.`);
  return past.findings.map(({ vulnerabilityId, severity }) => [vulnerabilityId, severity]);
}

function flaw(number: number, changes: Partial<Finding> = {}): Finding {
  return aFinding({ vulnerabilityId: `CVE-2026-${number}`, ...changes });
}
