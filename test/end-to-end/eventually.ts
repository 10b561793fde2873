import { vi } from "vitest";

/** Asks again until it no longer throws. A slow machine gets its time. */
export function eventually<Result>(check: () => Result | Promise<Result>, timeout = 20_000): Promise<Result> {
  return vi.waitFor(check, { timeout, interval: 25 });
}
