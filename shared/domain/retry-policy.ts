import type { FailureClass, ScanFailed } from "./scan-outcome.ts";
import type { ScanRequest } from "./scan-request.ts";

/**
 * What follows a failed attempt: the request for the next one, or undefined when this was the last. What an image does
 * to the scanner is tried a few times; what is wrong around it (registry, database, disk) says nothing about the image
 * and is waited out for about three days.
 */
export function nextAttempt(
  request: ScanRequest,
  failure: FailureClass,
  maximumFailures: number,
): ScanRequest | undefined {
  const failures = request.failures + (isOfTheImage(failure) ? 1 : 0);
  if (failures >= maximumFailures || request.attempt >= maximumAttempts) return undefined;
  return { ...request, attempt: request.attempt + 1, failures };
}

/** With an hour between them: three days. */
const maximumAttempts = 78;

/**
 * 2 s after the first attempt (a registry under load answers 500 now and then), 15 s, 1 min, 4 min, 16 min, then an hour
 * after each; later if the other side asked for it.
 */
export function retryAt({ notBefore }: ScanFailed, attempt: number, now: Date): Date {
  const backOff = new Date(now.getTime() + (waitSeconds[attempt - 1] ?? 3600) * 1000);
  return notBefore !== undefined && notBefore > backOff ? notBefore : backOff;
}

const waitSeconds = [2, 15, 60, 240, 960];

function isOfTheImage(failure: FailureClass): boolean {
  switch (failure) {
    case "registry-unavailable":
    case "registry-refused":
    case "database-unavailable":
    case "no-space":
      return false;
    case "timeout":
    case "out-of-memory":
    case "scanner-crashed":
    case "bad-report":
    case "digest-mismatch":
      return true;
  }
}
