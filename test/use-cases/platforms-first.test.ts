import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildHost } from "../../shared/hosts/host.ts";
import { aFinding, manyFindings } from "../support/samples.ts";
import { digestsOf, platformsIn } from "./platforms-in.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;

let stage: Awaited<ReturnType<typeof platformsIn>>;

beforeEach(async () => {
  workshop = await openWorkshop();
  workshop.scanner.findings = [aFinding()];
  stage = await platformsIn(workshop);
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

describe("platforms that are judged before their index comes", () => {
  it("are told together with it, once, and none of them alone", async () => {
    const { index, platforms } = await stage.pushPlatforms("team/web");
    const early = await stage.told();
    await workshop.clock.advance(9_999);
    await stage.announce(index, "1.0");
    await workshop.work();

    const together = await stage.told();
    await stage.laterOn();

    expect(early).toEqual([]);
    expect(together).toMatchObject([{ subject: `team/web@${index.digest}`, data: { tags: ["1.0"] } }]);
    expect(together[0]?.about.toSorted()).toEqual(digestsOf(platforms));
    expect(await stage.told()).toEqual([]);
  });

  it("are told alone after ten seconds when it does not, and not again when it comes later", async () => {
    const { index, platforms } = await stage.pushPlatforms("team/web");
    await workshop.clock.advance(9_999);
    await workshop.work();
    const justBefore = await stage.told();
    await workshop.clock.advance(1);
    await workshop.work();
    const alone = await stage.told();
    await stage.announce(index, "1.0");
    await workshop.work();
    await stage.laterOn();

    expect(justBefore).toEqual([]);
    expect(alone.map(({ subject }) => subject).toSorted()).toEqual(
      digestsOf(platforms).map((digest) => `team/web@${digest}`),
    );
    expect(await stage.told()).toEqual([]);
  });

  it("are told once, all of their findings, when these are too many for one message", async () => {
    workshop.scanner.findings = manyFindings(2000);
    const { index } = await stage.pushPlatforms("team/web");
    await stage.announce(index, "1.0");
    await workshop.work();
    await stage.laterOn();

    const findings = (await stage.told()).flatMap(({ data }) => data.findings ?? []).map(({ id }) => id);
    expect(findings).toHaveLength(2000);
    expect(new Set(findings).size).toBe(2000);
  });

  it("of two indexes are told with one of them", async () => {
    const { index, platforms } = await stage.pushPlatforms("team/web");
    const another = await stage.pushAnotherIndex(index);
    await stage.announce(index, "1.0");
    await stage.announce(another, "latest");
    await workshop.work();
    await stage.laterOn();

    const about = (await stage.told()).flatMap((alert) => alert.about);
    expect(about.toSorted()).toEqual(digestsOf(platforms));
  });
});

describe("an image that is pushed by its digest alone", () => {
  it.each([1, 2000])("with %i findings is told with its tag as soon as it gets one", async (count) => {
    workshop.scanner.findings = manyFindings(count);
    const [image] = (await stage.pushPlatforms("team/web")).platforms;
    await workshop.clock.advance(1000);
    await stage.announce(image, "1.0");

    await workshop.work();

    const told = await stage.told();
    expect(told.flatMap(({ data }) => data.findings ?? [])).toHaveLength(count);
    for (const alert of told)
      expect(alert).toMatchObject({ subject: `team/web@${image.digest}`, data: { tags: ["1.0"] } });
  });

  it("is told at once when it is judged more than ten seconds after its push", async () => {
    workshop.scanner.during = async () => workshop.clock.advance(10_000);

    const { platforms } = await stage.pushPlatforms("team/web");

    expect((await stage.told()).flatMap(({ about }) => about).toSorted()).toEqual(digestsOf(platforms));
  });

  it("is told, although it was deleted in the meantime, and again when it is back", async () => {
    const [image] = (await stage.pushPlatforms("team/web")).platforms;
    await fetch(`${workshop.registry.url}/v2/team/web/manifests/${image.digest}`, { method: "DELETE" });
    await workshop.host.acceptRegistryEvent({ kind: "deleted", ...image, occurredAt: workshop.clock.now() });
    await workshop.work();
    await workshop.clock.advance(1000);
    await stage.pushAgain(image);
    await stage.announce(image);
    await workshop.work();
    await stage.laterOn();

    const types = (await stage.told()).filter(({ about }) => about.includes(image.digest)).map(({ type }) => type);

    expect(types.toSorted()).toEqual([
      "dev.tidewatch.findings.changed",
      "dev.tidewatch.findings.changed",
      "dev.tidewatch.image.gone",
    ]);
  });

  it("is told by the timer when the message is lost that would have told it", async () => {
    const lost = buildHost({ ...workshop.parts, scanRequests: { send: async () => undefined } });
    const { platforms } = await stage.pushPlatforms("team/web", lost.scanImage);
    await workshop.clock.advance(10_000);
    await workshop.work();
    const before = await stage.told();

    await workshop.host.tellHeld();

    expect(before).toEqual([]);
    expect((await stage.told()).flatMap(({ about }) => about).toSorted()).toEqual(digestsOf(platforms));
  });
});
