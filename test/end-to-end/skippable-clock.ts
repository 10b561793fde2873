import { systemClock, type Clock } from "../../shared/ports/clock.ts";

export interface SkippableClock extends Clock {
  /**
   * Puts the clock on, and wakes who has slept long enough by it. Webhook receivers refuse signatures more than five
   * minutes from their own time, so all skips of a test file together stay below that.
   */
  readonly skip: (milliseconds: number) => void;
}

/** Real time, and more of it when a test cannot wait. */
export function skippableClock(): SkippableClock {
  const sleepers = new Set<AbortController>();
  let skippedMs = 0;
  const now = () => Date.now() + skippedMs;

  return {
    now: () => new Date(now()),
    sleep: async (milliseconds, signal) => {
      const until = now() + milliseconds;
      while (now() < until && signal?.aborted !== true) {
        const skipped = new AbortController();
        sleepers.add(skipped);
        const wake = () => skipped.abort();
        signal?.addEventListener("abort", wake);
        await systemClock.sleep(until - now(), skipped.signal);
        signal?.removeEventListener("abort", wake);
        sleepers.delete(skipped);
      }
    },
    skip: (milliseconds) => {
      skippedMs += milliseconds;
      for (const sleeper of sleepers) sleeper.abort();
    },
  };
}
