import { parseRegistryHost, type RegistryHost } from "../../domain/image-reference.ts";
import type { RegistryCredential, RegistryCredentials } from "../../ports/registry-credentials.ts";

/**
 * Credentials by registry host, as a person writes them in settings: `{ "shop.azurecr.io": { kind: "basic", … } }`.
 * The port belongs to the host. Registries that are not named are read anonymously; a name that is no host is refused now.
 */
export function configuredRegistryCredentials(
  byHost: Readonly<Record<string, RegistryCredential>>,
): RegistryCredentials {
  const credentials = new Map<RegistryHost, RegistryCredential>(
    Object.entries(byHost).map(([host, credential]) => [parseRegistryHost(host), credential]),
  );
  return async (registry) => credentials.get(registry) ?? { kind: "anonymous" };
}
