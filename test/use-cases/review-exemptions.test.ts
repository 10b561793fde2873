import { expect, it, onTestFinished } from "vitest";
import type { Exemption } from "../../shared/domain/exemption.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import type { ImageReference } from "../../shared/domain/image-reference.ts";
import { buildHost } from "../../shared/hosts/host.ts";
import { aFinding, anImage } from "../support/samples.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { push } from "../support/images/push.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const flaw = aFinding({ vulnerabilityId: "CVE-2026-1", severity: "critical" });
const other = aFinding({ vulnerabilityId: "CVE-2026-2", severity: "low" });

it("exempts what a new exemption names, tells it once, and again when it has ended by time", async () => {
  const shop = await aWorkshop();
  const image = await scanned(shop, "team/web");
  await shop.alerts();
  const until = new Date(shop.clock.now().getTime() + 60 * 60 * 1000);

  await exempt(shop, { until });
  const begun = await shop.host.reviewExemptions();
  const again = await shop.host.reviewExemptions();
  const during = await shop.read(image);
  const told = (await shop.alerts()).map(({ event }) => event);
  await shop.clock.advance(60 * 60 * 1000);
  const ended = await shop.host.reviewExemptions();

  expect([begun.changed, again.changed, ended.changed]).toEqual([1, 0, 1]);
  expect(during?.scan).toMatchObject({ counts: { critical: 0, low: 1 }, exempted: 1 });
  expect((await shop.read(image))?.scan).toMatchObject({ counts: { critical: 1, low: 1 }, exempted: 0 });
  expect(told).toEqual([expect.stringContaining('"change":"exempted"')]);
  expect((await shop.alerts()).map(({ event }) => event)).toEqual([expect.stringContaining('"exemptionEnded"')]);
});

it("finds images by walking all of them when no vulnerability is named, and goes on where it was stopped", async () => {
  const shop = await aWorkshop();
  const image = await scanned(shop, "team/web");
  await exempt(shop, { scope: { repository: "team/*" } });

  const stopped = await shop.host.reviewExemptions(-1);
  const before = await shop.read(image);
  const done = await shop.host.reviewExemptions();

  expect([stopped.kind, before?.scan?.exempted]).toEqual(["more", 0]);
  expect([done.kind, done.changed, (await shop.read(image))?.scan?.exempted]).toEqual(["done", 1, 2]);
});

it("starts over when exemptions changed half way", async () => {
  const shop = await aWorkshop();
  const image = await scanned(shop, "team/web");
  await exempt(shop);
  await shop.host.reviewExemptions(-1);
  const [kept] = await shop.parts.exemptionStore.list();
  await shop.parts.exemptionStore.remove("e", kept?.etag ?? '""');
  await exempt(shop, { id: "f", scope: { vulnerability: "CVE-2026-2" } });

  await shop.host.reviewExemptions();

  const findings = await shop.host.readFindings(imageId(image));
  expect(findings?.findings.map(({ exemption }) => exemption?.id)).toEqual([undefined, "f"]);
});

it("two runs at the same time leave what one leaves", async () => {
  const shop = await aWorkshop();
  const image = await scanned(shop, "team/web");
  await shop.alerts();
  await exempt(shop);

  await Promise.all([shop.host.reviewExemptions(), shop.host.reviewExemptions()]);
  await shop.host.reviewExemptions();

  expect((await shop.read(image))?.scan?.exempted).toBe(1);
  expect(await shop.alerts()).toHaveLength(1);
});

it("applies to a scan from the first look on", async () => {
  const shop = await aWorkshop();
  await exempt(shop);

  const image = await scanned(shop, "team/web");

  expect((await shop.read(image))?.scan).toMatchObject({ counts: { critical: 0, low: 1 }, exempted: 1 });
});

it("announces an end once, and another end anew", async () => {
  const shop = await aWorkshop();
  const inDays = (days: number) => new Date(shop.clock.now().getTime() + days * 24 * 60 * 60 * 1000);
  await exempt(shop, { id: "far", until: inDays(15) });
  await exempt(shop, { id: "near", until: inDays(13) });
  await exempt(shop, { id: "ended", until: inDays(-1) });

  const counts = [await shop.host.announceEndings(), await shop.host.announceEndings()];
  await exempt(shop, { id: "near", until: inDays(12) });
  counts.push(await shop.host.announceEndings());

  expect(counts).toEqual([1, 0, 1]);
  const alerts = await shop.alerts();
  expect(alerts.map(({ kind }) => kind)).toEqual(["exemption.ending", "exemption.ending"]);
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(2);
});

it("announces the same under the same id when the process ended before it had noted that", async () => {
  const shop = await aWorkshop();
  await exempt(shop, { until: new Date(shop.clock.now().getTime() + 60 * 60 * 1000) });
  const write = () => Promise.reject(new Error("killed"));
  const killed = buildHost({ ...shop.parts, checkpoints: { ...shop.parts.checkpoints, write } });
  await expect(killed.announceEndings()).rejects.toThrow("killed");
  // Longer than the queue remembers ids.
  await shop.clock.advance(20 * 60 * 1000);

  await shop.host.announceEndings();

  const [first, second] = await shop.alerts();
  expect(second).toEqual(first);
});

it("tells an end that a scan meets under another id than the beginning", async () => {
  const shop = await aWorkshop();
  const image = await scanned(shop, "team/web");
  await shop.alerts();
  await exempt(shop, { until: new Date(shop.clock.now().getTime() + 60 * 1000) });
  await shop.host.reviewExemptions();
  await shop.clock.advance(60 * 1000);

  await shop.host.requestScan({ ...image, tag: undefined });
  await shop.work();

  const [begun, ended] = await shop.alerts();
  expect([begun?.event, ended?.event]).toEqual([
    expect.stringContaining('"change":"exempted"'),
    expect.stringContaining('"change":"exemptionEnded"'),
  ]);
  expect(ended?.id).not.toBe(begun?.id);
});

async function aWorkshop(): Promise<Workshop> {
  const shop = await openWorkshop();
  onTestFinished(() => shop[Symbol.asyncDispose]());
  shop.scanner.findings = [flaw, other];
  return shop;
}

async function scanned(shop: Workshop, repository: string): Promise<ImageReference> {
  const { digest } = await push(shop.registry.url, repository, await alpineImage(), { tags: ["1"] });
  const image = anImage({ registry: shop.registry.host, repository, digest });
  await shop.host.requestScan({ ...image, tag: undefined });
  await shop.work();
  return image;
}

async function exempt(shop: Workshop, changes: Partial<Exemption> = {}): Promise<void> {
  const exemption: Exemption = {
    ...{ id: "e", scope: { vulnerability: "CVE-2026-1" }, owner: "team", reason: "not used", source: "api" },
    ...changes,
  };
  await shop.host.putExemption(exemption, undefined);
}
