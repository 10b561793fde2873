import type { CoverageReport } from "../domain/coverage.ts";
import type { RegistryHost } from "../domain/image-reference.ts";
import type { RegistryWalk } from "../domain/registry-walk.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import { walkDocuments } from "./walk-documents.ts";

export interface RegistryCoverage {
  readonly registry: RegistryHost;
  /** Of the newest walk that has ended. */
  readonly report?: CoverageReport | undefined;
  /** On its way. */
  readonly walk?: RegistryWalk | undefined;
}

export const readCoverage =
  ({ checkpoints, registries }: { readonly checkpoints: Checkpoints; readonly registries: readonly RegistryHost[] }) =>
  async (): Promise<readonly RegistryCoverage[]> => {
    const { readWalk, readReport } = walkDocuments(checkpoints);
    return Promise.all(
      registries.map(async (registry) => {
        const walk = (await readWalk(registry))?.value;
        return {
          registry,
          report: await readReport(registry),
          walk: walk?.place.kind === "finished" ? undefined : walk,
        };
      }),
    );
  };
