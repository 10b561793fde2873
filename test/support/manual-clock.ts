import type { Clock } from "../../shared/ports/clock.ts";

export interface ManualClock extends Clock {
  /** Moves time forward, waking sleepers at their instants in order; each may sleep again within the same advance. */
  readonly advance: (milliseconds: number) => Promise<void>;
}

/** Time stands still until the test moves it. */
export function manualClock(start: Date = new Date("2026-01-01T00:00:00Z")): ManualClock {
  const sleepers = new Set<Sleeper>();
  let now = start.getTime();

  return {
    now: () => new Date(now),
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted || milliseconds <= 0) return;
      await new Promise<void>((resolve) => {
        const sleeper: Sleeper = { wakesAt: now + milliseconds, wake: end };
        function end() {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", end);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener("abort", end);
      });
    },
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await othersRun();
      for (let next = firstOf(sleepers); next && next.wakesAt <= until; next = firstOf(sleepers)) {
        now = next.wakesAt;
        next.wake();
        await othersRun();
      }
      now = until;
      await othersRun();
    },
  };
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

function firstOf(sleepers: ReadonlySet<Sleeper>): Sleeper | undefined {
  return [...sleepers].sort((a, b) => a.wakesAt - b.wakesAt)[0];
}

/** Two turns of the event loop: one for what is ready, one for what that has put off to the next turn. */
async function othersRun(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
