import type { FailureClass, ScanFailed } from "./scan-outcome.ts";

/**
 * Whether an attempt was the last one for its request. What an image does to the scanner is tried a few times; what is
 * wrong around it (registry, database, disk) says nothing about the image and is waited out for about three days.
 */
export function isLastAttempt(failure: FailureClass, attempt: number, maximumAttempts: number): boolean {
  return attempt >= maximumAttempts + (isAroundTheImage(failure) ? 72 : 0);
}

/** 15 s, 1 min, 4 min, 16 min, then an hour after each attempt; later if the other side asked for it. */
export function retryAt({ notBefore }: ScanFailed, attempt: number, now: Date): Date {
  const backOff = new Date(now.getTime() + Math.min(15_000 * 4 ** (attempt - 1), 60 * 60_000));
  return notBefore !== undefined && notBefore > backOff ? notBefore : backOff;
}

function isAroundTheImage(failure: FailureClass): boolean {
  switch (failure) {
    case "registry-unavailable":
    case "registry-refused":
    case "database-unavailable":
    case "no-space":
      return true;
    case "timeout":
    case "out-of-memory":
    case "scanner-crashed":
    case "bad-report":
    case "digest-mismatch":
      return false;
  }
}
