import type { Clock } from "../ports/clock.ts";

/** Resolves when the next request may go out, so that there are so many a second at most. For one process. */
export function pace(clock: Clock, perSecond: number) {
  let free = 0;
  return async (signal?: AbortSignal): Promise<void> => {
    const now = clock.now().getTime();
    const turn = Math.max(now, free);
    free = turn + 1000 / perSecond;
    if (turn > now) await clock.sleep(turn - now, signal);
    signal?.throwIfAborted();
  };
}
