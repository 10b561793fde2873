import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import { buildHost, type Host, type HostParts } from "../../shared/hosts/host.ts";
import { aFinding } from "../support/samples.ts";
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

it("whatever comes at the same time, and wherever each of it ends, every platform is told once", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(situation, async ({ scheduler, isDue, headStart, processes }) => {
      runs += 1;
      const { index, platforms } = await stage.pushPlatforms(`team/web-${runs.toString()}`);
      if (isDue) await workshop.clock.advance(10_000);
      const at = workshop.clock.now();
      const scan = (image: ImageReference, reason: "pushed" | "asked") => (host: Host) =>
        host.scanImage({ image, reason, requestedAt: at, attempt: 1, failures: 0 }, `${image.digest} ${reason}`);
      const works = {
        scanIndex: scan(index, "pushed"),
        scanFirst: scan(platforms[0], "pushed"),
        askSecond: scan(platforms[1], "asked"),
        tagFirst: (host: Host) =>
          host.acceptRegistryEvent({ kind: "pushed", ...platforms[0], tag: parseTag("1.0"), occurredAt: at }),
        tellHeld: (host: Host) => host.tellHeld(),
        relay: (host: Host) => host.relayOutbox(),
      };

      await scheduler.waitFor(Promise.allSettled([works.scanIndex(buildHost(mortal(scheduler, headStart)))]));
      const all = processes.map(({ work, calls }) => works[work](buildHost(mortal(scheduler, calls))));
      await scheduler.waitFor(Promise.allSettled(all));
      await stage.announce(index, "1.0");
      await workshop.work();
      await stage.laterOn();

      const news = (await stage.told()).filter(({ type }) => type === "dev.tidewatch.findings.changed");
      expect(news.flatMap(({ about }) => about).toSorted()).toEqual(digestsOf(platforms));
      expect(await workshop.parts.images.heldOutbox(10)).toEqual([]);
      expect(await workshop.parts.images.pendingOutbox(10)).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 120_000);

const works = ["scanFirst", "tellHeld", "scanIndex", "tagFirst", "askSecond", "relay"] as const;

/** What each process does, and how many calls of its ports it lives to see. The index is expanded in part before. */
const situation = fc.record({
  scheduler: fc.scheduler(),
  isDue: fc.boolean(),
  headStart: fc.integer({ min: 0, max: 40 }),
  processes: fc.array(
    fc.record({
      work: fc.constantFrom(...works),
      calls: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 15 }), fc.integer({ min: 3, max: 8 })),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Parts of a process whose calls take turns with those of others, and which ends after some of them: half done, or done. */
function mortal(scheduler: fc.Scheduler, calls: number): HostParts {
  let left = calls;
  const inTurn =
    <Given extends readonly unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      await scheduler.schedule(Promise.resolve());
      if (left <= 0) throw new Error("The process has ended here.");
      left -= 1;
      const result = await call(...given);
      if (left <= 0) throw new Error("The process has ended here.");
      return result;
    };
  const { images, alerts } = workshop.parts;
  return {
    ...workshop.parts,
    images: {
      ...images,
      read: inTurn(images.read),
      write: inTurn(images.write),
      heldOutbox: inTurn(images.heldOutbox),
      pendingOutbox: inTurn(images.pendingOutbox),
      removeOutbox: inTurn(images.removeOutbox),
    },
    alerts: { publish: inTurn(alerts.publish) },
  };
}
