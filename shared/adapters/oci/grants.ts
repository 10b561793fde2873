import type { Grant } from "./grant.ts";

export interface Grants {
  readonly current: (key: string) => Grant | undefined;
  /**
   * A grant other than `refused`, the one that has just been turned down. Callers who come while one is being fetched
   * share that fetch; the signal ends the caller's wait, not the fetch. A failed fetch is not remembered.
   */
  readonly renew: (
    key: string,
    refused: Grant | undefined,
    obtain: () => Promise<Grant>,
    signal?: AbortSignal,
  ) => Promise<Grant>;
}

/** Keeps at most `limit` grants and lets the oldest go first. */
export function rememberedGrants(now: () => Date, limit = 1000): Grants {
  const grants = new Map<string, Grant>();
  const fetching = new Map<string, Promise<Grant>>();

  const current = (key: string) => {
    const grant = grants.get(key);
    return grant && grant.usableUntil > now() ? grant : undefined;
  };

  const fetchGrant = async (key: string, obtain: () => Promise<Grant>) => {
    try {
      const grant = await obtain();
      grants.delete(key);
      grants.set(key, grant);
      for (const oldest of grants.keys()) if (grants.size > limit) grants.delete(oldest);
      return grant;
    } finally {
      fetching.delete(key);
    }
  };

  return {
    current,
    renew: async (key, refused, obtain, signal) => {
      signal?.throwIfAborted();
      const grant = current(key);
      if (grant && grant !== refused) return grant;
      const coming = fetching.get(key) ?? fetchGrant(key, obtain);
      fetching.set(key, coming);
      return untilAborted(coming, signal);
    },
  };
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop);
  try {
    await Promise.race([promise, aborted]);
    signal.throwIfAborted();
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
