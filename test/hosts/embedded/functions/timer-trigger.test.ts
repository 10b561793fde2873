import { beforeEach, describe, expect, it } from "vitest";
import { fileScheduleStore } from "../../../../shared/hosts/embedded/functions/schedule-store.ts";
import { manualClock } from "../../../support/manual-clock.ts";
import { gate, names, runs } from "./fixtures/timer-runs.ts";
import { memorySchedules, only, startHost, temporaryDirectory } from "./start-host.ts";

const functions = () => import("./fixtures/timer-functions.ts");
const hour = 3_600_000;
const day = 24 * hour;

beforeEach(() => {
  runs.length = 0;
  gate.open = Promise.resolve();
});

const startTimers = async (name: string, options: Partial<Parameters<typeof startHost>[0]> = {}) => {
  const clock = manualClock();
  const host = await startHost({
    functions,
    clock,
    ...options,
    appSettings: { ...only(names, name), Nightly: "0 30 2 * * *" },
  });
  return { clock, host };
};

describe("a timer", () => {
  it("runs at the instants of its schedule, through days", async () => {
    const { clock } = await startTimers("everyHour");

    await clock.advance(hour - 1);
    const before = runs.length;
    await clock.advance(1);
    const first = runs.length;
    await clock.advance(3 * day);

    expect([before, first, runs.length]).toEqual([0, 1, 73]);
  });

  it("learns its schedule status as in Azure", async () => {
    const { clock } = await startTimers("everyHour");

    await clock.advance(2 * hour);

    expect(runs.map(({ timer }) => timer)).toEqual([
      {
        isPastDue: false,
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: "0001-01-01T00:00:00",
          next: "2026-01-01T01:00:00.000Z",
          lastUpdated: "2026-01-01T00:00:00.000Z",
        },
      },
      {
        isPastDue: false,
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: "2026-01-01T01:00:00.000Z",
          next: "2026-01-01T02:00:00.000Z",
          lastUpdated: "2026-01-01T01:00:00.000Z",
        },
      },
    ]);
  });

  it("with runOnStartup runs at once, then by its schedule from the app settings", async () => {
    const { clock } = await startTimers("atStartup");

    await clock.advance(0);
    const atStart = runs.length;
    await clock.advance(2.5 * hour);

    expect([atStart, runs.length]).toEqual([1, 2]);
  });

  it("may have a constant interval", async () => {
    const { clock } = await startTimers("interval");

    await clock.advance(3 * hour);

    expect(runs).toHaveLength(2);
  });

  it("may be due later than a Node.js timer can wait", async () => {
    const { clock } = await startTimers("yearly");

    await clock.advance(150 * day);
    const early = runs.length;
    await clock.advance(day);

    expect([early, runs.length]).toEqual([0, 1]);
  });

  it("goes on after a failure", async () => {
    const { clock, host } = await startTimers("failing");

    await clock.advance(2 * hour);

    expect(runs).toHaveLength(2);
    expect(host.logged()).toContainEqual(expect.objectContaining({ level: "error", error: "not today" }));
  });

  it("never runs twice at a time; instants that passed meanwhile are made up by one run", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate.open = promise;
    const { clock } = await startTimers("slow");

    await clock.advance(4.5 * hour);
    const meanwhile = runs.length;
    resolve(undefined);
    await clock.advance(0);
    const madeUp = runs.length;
    await clock.advance(hour);

    expect([meanwhile, madeUp, runs.length]).toEqual([1, 2, 3]);
  });
});

describe("a run that was missed while the host was down", () => {
  it("is made up once at the next start, with isPastDue", async () => {
    const schedules = memorySchedules();
    const { clock, host } = await startTimers("everyHour", { schedules });
    await clock.advance(hour);
    await host.stop();
    await clock.advance(5.5 * hour);
    runs.length = 0;

    await startTimers("everyHour", { schedules, clock });
    await clock.advance(0);
    const atStart = runs.map(({ timer }) => timer.isPastDue);
    await clock.advance(hour);

    expect(atStart).toEqual([true]);
    expect(runs.map(({ timer }) => timer.isPastDue)).toEqual([true, false]);
  });

  it("is found when the timer had never run", async () => {
    const schedules = memorySchedules();
    const { clock, host } = await startTimers("everyHour", { schedules });
    await clock.advance(1);
    await host.stop();
    await clock.advance(2 * hour);

    await startTimers("everyHour", { schedules, clock });
    await clock.advance(0);

    expect(runs).toMatchObject([{ timer: { isPastDue: true } }]);
  });

  it("is not made up without a monitor", async () => {
    const schedules = memorySchedules();
    const { clock, host } = await startTimers("unmonitored", { schedules });
    await clock.advance(hour);
    await host.stop();
    await clock.advance(2.5 * hour);
    runs.length = 0;

    await startTimers("unmonitored", { schedules, clock });
    await clock.advance(0);

    expect(runs).toEqual([]);
  });
});

describe("the file of schedule states", () => {
  it("gives back what was written", async () => {
    const directory = await temporaryDirectory();
    const status = { last: new Date(1000), next: new Date(2000), lastUpdated: new Date(1500) };

    await fileScheduleStore(directory).write("a", { next: new Date(0), lastUpdated: new Date(0) });
    await fileScheduleStore(directory).write("a", status);

    expect(await fileScheduleStore(directory).read("a")).toEqual(status);
    expect(await fileScheduleStore(directory).read("b")).toBeUndefined();
  });
});

it("a host with a schedule that cannot be understood does not start", async () => {
  await expect(
    startHost({ functions, appSettings: { ...only(names, "atStartup"), Nightly: "at night" } }),
  ).rejects.toThrow('The schedule "at night" cannot be used');
});

it("a host with a schedule whose setting is missing does not start", async () => {
  await expect(startHost({ functions })).rejects.toThrow("needs the app setting Nightly");
});
