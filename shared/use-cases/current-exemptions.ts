import { compareText } from "../domain/compare-text.ts";
import { exemptionsFor } from "../domain/exemption-for.ts";
import type { GlobMatcher } from "../domain/exemption-scope.ts";
import type { ExemptionFiles, FiledExemptions } from "../ports/exemption-files.ts";
import type { ExemptionStore, KeptExemption } from "../ports/exemption-store.ts";
import type { CurrentExemptions, Exemptions } from "../ports/exemptions.ts";
import type { Stored } from "../ports/image-store.ts";

export interface CurrentExemptionsPorts {
  readonly files: ExemptionFiles;
  readonly store: ExemptionStore;
  readonly globs: GlobMatcher;
}

/** Files and store together. Where both have an id the reviewed file wins. */
export const currentExemptions = ({ files, store, globs }: CurrentExemptionsPorts): Exemptions => {
  let last: { readonly filed: FiledExemptions; readonly kept: Kept; readonly current: CurrentExemptions } | undefined;
  return {
    current: async () => {
      const [filed, kept] = await Promise.all([files.current(), store.list()]);
      if (last?.filed === filed && last.kept === kept) return last.current;
      const byId = new Map(kept.map(({ value: { exemption } }) => [exemption.id, exemption]));
      for (const exemption of filed.exemptions) byId.set(exemption.id, exemption);
      const all = [...byId.values()].sort((a, b) => compareText(a.id, b.id));
      const current = { all, of: exemptionsFor(all, globs) };
      last = { filed, kept, current };
      return current;
    },
  };
};

type Kept = readonly Stored<KeptExemption>[];
