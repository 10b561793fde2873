import { expect, it, onTestFinished } from "vitest";
import { buildHost } from "../../shared/hosts/host.ts";
import { aDatabase, aDigest } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const hour = 3_600_000;

async function open(ageHours: number): Promise<Workshop> {
  const workshop = await openWorkshop({ databaseStaleHours: 24 });
  onTestFinished(() => workshop[Symbol.asyncDispose]());
  const updatedAt = new Date(workshop.clock.now().getTime() - ageHours * hour);
  workshop.scanner.database = { ...aDatabase, updatedAt };
  return workshop;
}

it("a database that is new enough is no news", async () => {
  const workshop = await open(23);

  expect(await workshop.host.watchDatabase()).toBe("fresh");
  expect(await workshop.alerts()).toEqual([]);
});

it("a database that is too old is told once a day, with its age", async () => {
  const workshop = await open(24);

  const watched: string[] = [];
  for (let run = 0; run < 48; run += 1) {
    watched.push(await workshop.host.watchDatabase());
    await workshop.clock.advance(hour);
  }

  expect(watched.filter((each) => each === "told")).toHaveLength(2);
  const events = (await workshop.alerts()).map(({ event }): unknown => JSON.parse(event));
  expect(events).toMatchObject([
    { type: "dev.tidewatch.database.stale", data: { ageHours: 24, limitHours: 24 } },
    { type: "dev.tidewatch.database.stale", data: { ageHours: 48, limitHours: 24 } },
  ]);
});

it("another database that is too old is told on the same day", async () => {
  const workshop = await open(30);
  await workshop.host.watchDatabase();
  workshop.scanner.database = { ...workshop.scanner.database, digest: aDigest("another database") };

  expect(await workshop.host.watchDatabase()).toBe("told");
  expect(await workshop.alerts()).toHaveLength(2);
});

it("an end between telling and noting it leads to the same event again", async () => {
  const workshop = await open(30);
  const checkpoints = { ...workshop.parts.checkpoints, write: () => Promise.reject(new Error("The end.")) };
  const interrupted = buildHost({ ...workshop.parts, checkpoints });

  await expect(interrupted.watchDatabase()).rejects.toThrow("The end.");
  await workshop.clock.advance(hour);
  await workshop.host.watchDatabase();

  const [first, second] = await workshop.alerts();
  expect(second).toEqual(first);
});

it("no database at all is left to the scans that fail", async () => {
  const workshop = await open(0);
  const scanner = { ...workshop.parts.scanner, current: async () => undefined };

  expect(await buildHost({ ...workshop.parts, scanner }).watchDatabase()).toBe("missing");
});
