import { expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { imageId } from "../../shared/domain/image-record.ts";
import { buildHost } from "../../shared/hosts/host.ts";
import { aDigest, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** The clock begins on Thursday, the first of January 2026, at 00:00 UTC. */
async function open(digestEvery: "day" | "week" | "off"): Promise<Workshop> {
  const workshop = await openWorkshop({ digestEvery });
  onTestFinished(() => workshop[Symbol.asyncDispose]());
  return workshop;
}

it("a digest comes each Monday at 06:00 UTC, however often the timer asks", async () => {
  const workshop = await open("week");

  const times = await runHourly(workshop, 15 * 24);

  expect(times).toEqual(["2026-01-05T06:00:00.000Z", "2026-01-12T06:00:00.000Z"]);
  expect(await digests(workshop)).toMatchObject([
    { data: { period: { every: "week", from: "2025-12-29T06:00:00.000Z", until: "2026-01-05T06:00:00.000Z" } } },
    { data: { period: { from: "2026-01-05T06:00:00.000Z" }, before: { at: "2026-01-05T06:00:00.000Z" } } },
  ]);
});

it("a daily one comes each day", async () => {
  const workshop = await open("day");

  expect(await runHourly(workshop, 50)).toEqual(["2026-01-01T06:00:00.000Z", "2026-01-02T06:00:00.000Z"]);
});

it("none comes when it is switched off", async () => {
  const workshop = await open("off");

  expect(await runHourly(workshop, 50)).toEqual([]);
});

it("one that was missed comes late, and several as one", async () => {
  const workshop = await open("day");
  await workshop.host.sendDigest();
  await workshop.clock.advance(3 * day + 10 * hour);

  expect(await workshop.host.sendDigest()).toBe("sent");
  expect(await digests(workshop)).toMatchObject([
    { data: { period: { from: "2025-12-31T06:00:00.000Z", until: "2026-01-04T06:00:00.000Z" } } },
  ]);
});

it("it sums up all images, page by page", async () => {
  const workshop = await open("day");
  for (let number = 0; number < 450; number += 1) {
    const image = anImage({ digest: aDigest(number.toString()) });
    await workshop.parts.images.write(
      anImageRecord({ id: imageId(image), image, scan: aScanSummary({ image }) }),
      "new",
    );
  }
  await workshop.host.sendDigest();
  await workshop.clock.advance(day);

  await workshop.host.sendDigest();

  expect(await digests(workshop)).toMatchObject([{ data: { images: { scanned: 450 }, counts: { high: 450 } } }]);
});

it("an end between telling and noting it leads to the same id again", async () => {
  const workshop = await open("day");
  await workshop.host.sendDigest();
  await workshop.clock.advance(day);
  const checkpoints = { ...workshop.parts.checkpoints, write: () => Promise.reject(new Error("The end.")) };

  await expect(buildHost({ ...workshop.parts, checkpoints }).sendDigest()).rejects.toThrow("The end.");
  await workshop.host.sendDigest();

  const ids = (await digests(workshop)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
});

/** The times at which one was sent. */
async function runHourly({ clock, host }: Workshop, runs: number): Promise<readonly string[]> {
  const times: string[] = [];
  for (let run = 0; run < runs; run += 1) {
    if ((await host.sendDigest()) === "sent") times.push(clock.now().toISOString());
    await clock.advance(hour);
  }
  return times;
}

const DigestEvent = z.object({ id: z.string(), type: z.literal("dev.tidewatch.digest"), data: z.unknown() });

async function digests({ alerts }: Workshop): Promise<readonly z.output<typeof DigestEvent>[]> {
  return (await alerts()).map(({ event }) => DigestEvent.parse(JSON.parse(event)));
}
