import type { RegistryHost } from "../domain/image-reference.ts";
import { beginWalk } from "../domain/registry-walk.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Clock } from "../ports/clock.ts";
import { walkDocuments } from "./walk-documents.ts";

export interface BegunWalk {
  readonly registry: RegistryHost;
  readonly startedAt: Date;
  /** False when one was on its way already; it goes on. */
  readonly isNew: boolean;
}

/** Begins a walk through each of these registries, whenever the last one was. The timer takes the steps. */
export const beginWalks = ({ checkpoints, clock }: { readonly checkpoints: Checkpoints; readonly clock: Clock }) => {
  const { readWalk, writeWalk } = walkDocuments(checkpoints);
  return async (registries: readonly RegistryHost[]): Promise<readonly BegunWalk[]> => {
    const begun: BegunWalk[] = [];
    for (const registry of registries) begun.push(await begin(registry));
    return begun;
  };

  async function begin(registry: RegistryHost): Promise<BegunWalk> {
    const stored = await readWalk(registry);
    if (stored !== undefined && stored.value.place.kind !== "finished")
      return { registry, startedAt: stored.value.startedAt, isNew: false };
    const walk = beginWalk(registry, clock.now());
    const written = await writeWalk(walk, stored?.etag ?? "new");
    return { registry, startedAt: walk.startedAt, isNew: written.kind === "written" };
  }
};
