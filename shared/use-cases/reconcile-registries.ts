import type { RegistryHost } from "../domain/image-reference.ts";
import { reconcileRegistry, type ReconciledRegistry, type ReconcileRegistryPorts } from "./reconcile-registry.ts";

export interface ReconcileRegistriesPorts extends ReconcileRegistryPorts {
  readonly registries: readonly RegistryHost[];
  /** Aborted when the process is about to end: each walk stops after its step. */
  readonly stopping?: AbortSignal;
}

export type WalkedRegistry =
  | (ReconciledRegistry & { readonly registry: RegistryHost })
  | { readonly kind: "failed"; readonly registry: RegistryHost; readonly error: unknown };

/** All registries at the same time: one that is slow, or whose walk fails, does not hold up the others. */
export const reconcileRegistries = (ports: ReconcileRegistriesPorts) => {
  const reconcile = reconcileRegistry(ports);
  return async (): Promise<readonly WalkedRegistry[]> =>
    Promise.all(
      ports.registries.map(async (registry) => {
        try {
          return { ...(await reconcile(registry, ports.stopping)), registry };
        } catch (error) {
          return { kind: "failed", registry, error } as const;
        }
      }),
    );
};
