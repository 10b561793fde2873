import type { Host } from "./host.ts";

let current: Host | undefined;

/**
 * The host that the functions of this process run on. The Functions runtime loads functions/ by itself and gives them
 * nothing but a message, so this one variable is how they reach the rest; whoever starts the process sets it first.
 */
export function host(): Host {
  if (current === undefined)
    throw new Error("No host is provided. Start with `npm start`; the Azure host is not part of this version.");
  return current;
}

/** Undefined takes the host away again. */
export function provideHost(host: Host | undefined): void {
  current = host;
}
