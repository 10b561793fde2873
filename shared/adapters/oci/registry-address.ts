import type { RegistryHost } from "../../domain/image-reference.ts";

/**
 * Origin of a registry: https, or plain http when it is in the list. An entry with a port is for that port only, an
 * entry without one is for every port of the host.
 */
export function registryOrigin(registry: RegistryHost, insecureRegistries: readonly string[]): URL {
  const { host, hostname } = new URL(`http://${registry}`);
  const insecure = insecureRegistries.some((entry) => [registry, host, hostname].includes(entry.toLowerCase()));
  return new URL(`${insecure ? "http" : "https"}://${registry}`);
}
