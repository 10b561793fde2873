import { randomUUID } from "node:crypto";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import { errorFields, type FunctionInvoker } from "./function-invoker.ts";
import type { RegisteredFunction, TimerTrigger } from "./registered-function.ts";
import type { ScheduleStatus, ScheduleStore } from "./schedule-store.ts";
import { timerInput } from "./timer-input.ts";
import { parseTimerSchedule, type TimerSchedule } from "./timer-schedule.ts";

export interface TimerListening {
  readonly invoker: FunctionInvoker;
  readonly schedules: ScheduleStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

/**
 * Runs the function at the instants of its schedule, never twice at a time: instants that pass while it runs are made
 * up by one run right after. One that passed while the host was down is made up at the start, with isPastDue.
 * Resolves after `stopping`, when the running call has ended.
 */
export async function listenToTimer(
  called: RegisteredFunction<TimerTrigger>,
  listening: TimerListening,
): Promise<void> {
  const { clock, log, stopping } = listening;
  const { trigger, name } = called;
  const schedule = parseTimerSchedule(trigger.schedule);
  let status = trigger.useMonitor ? await storedStatus(name, listening) : undefined;
  let next = schedule.next(status?.last ?? status?.lastUpdated ?? clock.now());
  let isPastDue = next !== undefined && next < clock.now();
  let runNow = trigger.runOnStartup;

  if (status === undefined && next !== undefined) {
    status = { next, lastUpdated: clock.now() };
    await remember(called, status, listening);
  }
  while (next !== undefined) {
    if (!runNow) await sleepUntil(next, clock, stopping);
    if (stopping.aborted) return;
    const startedAt = clock.now();
    await call(called, schedule, status, isPastDue, listening);
    [runNow, isPastDue] = [false, false];
    next = schedule.next(startedAt);
    if (next === undefined) break;
    status = { last: startedAt, next, lastUpdated: clock.now() };
    await remember(called, status, listening);
  }
  log.warn("A timer's schedule has no further instant", { function: name, schedule: trigger.schedule });
}

async function call(
  called: RegisteredFunction<TimerTrigger>,
  schedule: TimerSchedule,
  status: ScheduleStatus | undefined,
  isPastDue: boolean,
  { invoker }: TimerListening,
): Promise<void> {
  const { useMonitor } = called.trigger;
  const data = timerInput({ schedule, status: useMonitor ? status : undefined, isPastDue });
  await invoker.invoke(called, { invocationId: randomUUID(), data }).catch(() => undefined);
}

/** In steps, because a Node.js timer of more than 24.8 days fires at once. */
async function sleepUntil(instant: Date, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const leftMs = instant.getTime() - clock.now().getTime();
    if (leftMs <= 0 || signal.aborted) return;
    await clock.sleep(Math.min(leftMs, 86_400_000), signal);
  }
}

async function storedStatus(name: string, { schedules, log }: TimerListening): Promise<ScheduleStatus | undefined> {
  try {
    return await schedules.read(name);
  } catch (error) {
    log.warn("A timer's last run cannot be read; it starts anew", { function: name, ...errorFields(error) });
    return undefined;
  }
}

async function remember(
  called: RegisteredFunction<TimerTrigger>,
  status: ScheduleStatus,
  { schedules, log }: TimerListening,
): Promise<void> {
  if (!called.trigger.useMonitor) return;
  try {
    await schedules.write(called.name, status);
  } catch (error) {
    log.error("A timer's last run cannot be stored", { function: called.name, ...errorFields(error) });
  }
}
