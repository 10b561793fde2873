import { createHash } from "node:crypto";

/**
 * An id that follows from what it names: the same parts give the same id on every machine, so that a replay is the
 * same write. 32 hexadecimal digits (128 bits of SHA-256): fits every store's id rules and Service Bus' 128 characters.
 */
export function contentId(...parts: readonly string[]): string {
  // JSON keeps ["a", "bc"] and ["ab", "c"] apart.
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** What such an id looks like. */
export const contentIdPattern = /^[0-9a-f]{32}$/;
