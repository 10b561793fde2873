import type { Etag, Stored } from "./image-store.ts";

/**
 * Small documents in which work that spans several runs keeps its place: how far a walk has come, what was last
 * announced. Whoever reads one checks its form (zod, in messages/).
 */
export interface Checkpoints {
  /** @param name lower case letters, digits, `-` and `.`, at most 128 */
  readonly read: (name: string) => Promise<Stored<unknown> | undefined>;
  /**
   * Writes if the document is still the one that was read: pass its etag, or "new" when there was none. `conflict` means
   * that someone was faster; nothing is written then. Anything that JSON can hold, up to 1 MB.
   */
  readonly write: (
    name: string,
    value: unknown,
    expected: Etag | "new",
  ) => Promise<{ readonly kind: "written"; readonly etag: Etag } | { readonly kind: "conflict" }>;
}
