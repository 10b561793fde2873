import { describe, expect, it } from "vitest";
import { parseTimerSchedule } from "../../../../shared/hosts/embedded/functions/timer-schedule.ts";

const thursday = new Date("2026-01-01T00:00:00.500Z");

describe("a schedule", () => {
  it.each([
    ["0 */5 * * * *", "2026-01-01T00:05:00.000Z"],
    ["*/5 * * * *", "2026-01-01T00:05:00.000Z"],
    ["5/20 * * * * *", "2026-01-01T00:00:05.000Z"],
    ["0 30 9 * * Mon-Fri", "2026-01-01T09:30:00.000Z"],
    ["0 0 0 * * 0", "2026-01-04T00:00:00.000Z"],
    ["0 0 0 1 JUN,DEC *", "2026-06-01T00:00:00.000Z"],
    ["0 0 0 1-7 * MON", "2026-01-05T00:00:00.000Z"],
    ["0 0 0 13 * 5", "2026-02-13T00:00:00.000Z"],
    ["00:15:00", "2026-01-01T00:15:00.500Z"],
    ["1.00:00:00", "2026-01-02T00:00:00.500Z"],
  ])("%s is next due at %s", (text, expected) => {
    expect(parseTimerSchedule(text).next(thursday)?.toISOString()).toBe(expected);
  });

  it("is in UTC whatever the machine's time zone, and across a change to summer time", () => {
    expect(parseTimerSchedule("0 30 2 * * *").next(new Date("2026-03-29T00:00:00Z"))?.toISOString()).toBe(
      "2026-03-29T02:30:00.000Z",
    );
  });

  it("never repeats the instant it is asked after", () => {
    const due = new Date("2026-01-01T00:05:00Z");

    expect(parseTimerSchedule("0 */5 * * * *").next(due)?.toISOString()).toBe("2026-01-01T00:10:00.000Z");
  });

  it("has no next instant when no date fits", () => {
    expect(parseTimerSchedule("0 0 0 30 2 *").next(thursday)).toBeUndefined();
  });

  it.each([
    "",
    "hourly",
    "@daily",
    "* * * *",
    "* * * * * * *",
    "0 0 0 L * *",
    "0 0 0 * * 7",
    "0 0 0 * * 5#2",
    "0 61 * * * *",
    "24:00:00",
    "00:00:00",
  ])("%j is refused, as it would fail in Azure", (text) => {
    expect(() => parseTimerSchedule(text)).toThrow(`The schedule "${text}" cannot be used`);
  });
});
