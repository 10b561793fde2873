/** Receivers that wait for a source to get messages. */
export interface Waiters {
  /** The signal is aborted at the next wake of this source, at wakeAll, or with the given signal. */
  readonly listen: (sourceId: number, signal?: AbortSignal) => Waiter;
  readonly wake: (sourceId: number) => void;
  readonly wakeAll: () => void;
}

export interface Waiter {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

export function createWaiters(): Waiters {
  const waiting = new Map<number, Set<AbortController>>();

  return {
    listen: (sourceId, outer) => {
      const controller = new AbortController();
      const wake = () => controller.abort();
      const controllers = waiting.get(sourceId) ?? new Set();
      waiting.set(sourceId, controllers.add(controller));
      outer?.addEventListener("abort", wake);
      return {
        signal: controller.signal,
        stop: () => {
          controllers.delete(controller);
          outer?.removeEventListener("abort", wake);
        },
      };
    },
    wake: (sourceId) => {
      for (const controller of waiting.get(sourceId) ?? []) controller.abort();
    },
    wakeAll: () => {
      for (const controllers of waiting.values()) for (const controller of controllers) controller.abort();
    },
  };
}
