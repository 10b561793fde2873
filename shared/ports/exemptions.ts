import type { Exemption } from "../domain/exemption.ts";

/** Every exemption of every source, those that have ended included. Read often: adapters keep them in memory. */
export interface Exemptions {
  readonly current: () => Promise<readonly Exemption[]>;
}
