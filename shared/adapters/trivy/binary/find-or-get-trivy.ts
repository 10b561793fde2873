import { trivyCacheDirectory } from "./cache-directory.ts";
import { findTrivy } from "./find-trivy.ts";
import { freeBytesOf } from "./free-space.ts";
import { getTrivy } from "./get-trivy.ts";
import type { Progress } from "./progress.ts";
import type { TrivyBinary } from "./trivy-binary.ts";
import { pinnedTrivy } from "./trivy-pin.ts";
import type { TrivyPin } from "./trivy-pin.ts";

export interface FindTrivyOptions {
  /** Read: TRIVY_PATH, PATH, TIDEWATCH_CACHE, XDG_CACHE_HOME, HOME; to get it also TIDEWATCH_OFFLINE and Go's own settings. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly pin?: TrivyPin;
  /** Hash the cached binary even when its size and time are as noted. */
  readonly fullCheck?: boolean;
}

export interface GetTrivyOptions extends FindTrivyOptions {
  /** Bytes that this user may still write to the file system of an existing directory. */
  readonly freeBytes?: (directory: string) => Promise<number>;
}

/**
 * The pinned Trivy: TRIVY_PATH, else a matching `trivy` on PATH, else the project's cache, else the official release
 * (verified by its SHA-256), else a build from pinned Go modules. The last two are kept in the cache, so that only the
 * first call on a machine takes minutes. Several processes may call at once: one works, the others wait and use its result.
 *
 * Throws TrivyUnavailableError, whose message says what to do. A TRIVY_PATH that does not hold the pinned version is
 * such an error, too, and never passed over.
 */
export async function findOrGetTrivy(options: GetTrivyOptions): Promise<TrivyBinary> {
  try {
    return (
      (await findTrivyWhereItIs(options)) ??
      (await getTrivy({
        ...options,
        pin: options.pin ?? pinnedTrivy,
        cacheDirectory: trivyCacheDirectory(options.environment),
        freeBytes: options.freeBytes ?? freeBytesOf,
      }))
    );
  } finally {
    options.progress.clear();
  }
}

/** As {@link findOrGetTrivy}, but resolves to undefined where that would go on to get it. */
export function findTrivyWhereItIs(options: FindTrivyOptions): Promise<TrivyBinary | undefined> {
  return findTrivy({
    ...options,
    pin: options.pin ?? pinnedTrivy,
    cacheDirectory: trivyCacheDirectory(options.environment),
    fullCheck: options.fullCheck ?? false,
  });
}
