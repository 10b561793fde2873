import { Cron } from "croner";
import { parseTimeSpan } from "./time-span.ts";

export interface TimerSchedule {
  /** The first instant after the given one, in UTC. Undefined when there is none (30 February). */
  readonly next: (after: Date) => Date | undefined;
  /** As reported to the function: a cron schedule follows the wall clock, an interval does not. */
  readonly adjustForDST: boolean;
}

/**
 * A six-field NCRONTAB expression (seconds first), a five-field one, or an interval `hh:mm:ss`, as a timer trigger of
 * Azure Functions takes them. Day of month and weekday must both fit, unlike in Unix cron.
 */
export function parseTimerSchedule(text: string): TimerSchedule {
  const intervalMs = parseTimeSpan(text);
  if (intervalMs !== undefined) {
    if (intervalMs < 1000) throw new InvalidScheduleError(text, "an interval is at least one second");
    return { next: (after) => new Date(after.getTime() + intervalMs), adjustForDST: false };
  }
  if (!ncrontab.test(text.trim())) throw new InvalidScheduleError(text, "it is no NCRONTAB expression");
  try {
    // NCrontab reads "5/10" as every 10 from 5 on; croner calls that sloppy.
    const options = {
      timezone: "UTC",
      domAndDow: true,
      mode: "5-or-6-parts",
      sloppyRanges: true,
      paused: true,
    } as const;
    const cron = new Cron(text.trim(), options);
    return { next: (after) => cron.nextRun(after) ?? undefined, adjustForDST: true };
  } catch (error) {
    throw new InvalidScheduleError(text, error instanceof Error ? error.message : "it is not understood");
  }
}

export class InvalidScheduleError extends Error {
  override name = "InvalidScheduleError";

  constructor(schedule: string, problem: string) {
    super(`The schedule "${schedule}" cannot be used: ${problem}. Example: "0 */5 * * * *", every five minutes.`);
  }
}

/** Five or six fields without croner's additions (L, W, #, ?, @daily, weekday 7), which Azure would refuse. */
const element = String.raw`(?:\*|\d{1,2}|[a-zA-Z]{3})(?:-(?:\d{1,2}|[a-zA-Z]{3}))?(?:/\d{1,2})?`;
const field = `${element}(?:,${element})*`;
const ncrontab = new RegExp(String.raw`^(?:${field}\s+){4,5}(?!\S*\b7\b)${field}$`);
