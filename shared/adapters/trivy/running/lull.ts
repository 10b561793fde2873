import { setTimeout } from "node:timers/promises";

/** Keeps work that can wait away from the processor while there is work that cannot. */
export interface Lull {
  /** There is no lull until the work has ended, and for a while after. */
  readonly urgent: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Resolves in a lull, or after some minutes without one, or when the signal is aborted. */
  readonly come: (signal?: AbortSignal) => Promise<void>;
}

export function watchForLull({ quietMs = 1000, patienceMs = 5 * 60_000 } = {}): Lull {
  let running = 0;
  let endedAt = -Infinity;
  return {
    urgent: async (work) => {
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        endedAt = performance.now();
      }
    },
    come: async (signal) => {
      const until = performance.now() + patienceMs;
      for (;;) {
        const now = performance.now();
        const quietAt = running > 0 ? now + quietMs : endedAt + quietMs;
        const waitMs = Math.min(quietAt, until) - now;
        if (waitMs <= 0 || signal?.aborted === true) return;
        await setTimeout(waitMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
