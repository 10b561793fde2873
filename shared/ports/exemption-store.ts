import type { Exemption } from "../domain/exemption.ts";
import type { Etag, Stored } from "./image-store.ts";

/** Exemptions that were made through the API. Those in files are never here. */
export interface ExemptionStore {
  /** Sorted by id. The same array until something is written. */
  readonly list: () => Promise<readonly Stored<KeptExemption>[]>;
  /** Writes if what is there has this etag; "new" when nothing may be there. `conflict`: nothing was written. */
  readonly put: (
    kept: KeptExemption,
    expected: Etag | "new",
  ) => Promise<{ readonly kind: "written"; readonly etag: Etag } | { readonly kind: "conflict" }>;
  /** False when it is not there any more, or not the one with this etag. */
  readonly remove: (id: string, expected: Etag) => Promise<boolean>;
  /** At once all that an OpenVEX document says, in place of what it said before. */
  readonly replaceDocument: (document: string, kept: readonly KeptExemption[]) => Promise<void>;
}

export interface KeptExemption {
  readonly exemption: Exemption;
  readonly savedAt: Date;
  /** Id of the OpenVEX document that it is from. */
  readonly document?: string | undefined;
}
