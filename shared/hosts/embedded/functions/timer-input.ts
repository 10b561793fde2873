import type { RpcTypedData } from "./rpc.ts";
import type { ScheduleStatus } from "./schedule-store.ts";
import type { TimerSchedule } from "./timer-schedule.ts";

/** The timer's information as the host serialises it; @azure/functions turns the first letters to lower case. */
export function timerInput(timer: {
  readonly schedule: TimerSchedule;
  readonly status: ScheduleStatus | undefined;
  readonly isPastDue: boolean;
}): RpcTypedData {
  const { schedule, status, isPastDue } = timer;
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: schedule.adjustForDST },
      ScheduleStatus:
        status === undefined
          ? null
          : { Last: status.last ?? neverRan, Next: status.next, LastUpdated: status.lastUpdated },
      IsPastDue: isPastDue,
    }),
  };
}

/** .NET's DateTime.MinValue, which stands for "not yet". */
const neverRan = "0001-01-01T00:00:00";
