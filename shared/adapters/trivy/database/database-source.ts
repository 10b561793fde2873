import { printable } from "../../../domain/printable.ts";
import { parseRegistryHost, parseRepository, parseTag, type Tag } from "../../../domain/image-reference.ts";
import type { RepositoryReference } from "../../../ports/image-registry.ts";

/** Where a database is published. */
export interface DatabaseSource extends RepositoryReference {
  readonly tag: Tag;
}

/**
 * `host/repository:tag`
 *
 * @throws {@link InvalidDatabaseSourceError} or InvalidReferenceError
 */
export function parseDatabaseSource(text: string): DatabaseSource {
  const [, registry, repository, tag] = /^([^/]+)\/([^:@]+):([^:@/]+)$/.exec(text) ?? [];
  if (registry === undefined || repository === undefined || tag === undefined)
    throw new InvalidDatabaseSourceError(text);
  return { registry: parseRegistryHost(registry), repository: parseRepository(repository), tag: parseTag(tag) };
}

export function formatDatabaseSource({ registry, repository, tag }: DatabaseSource): string {
  return `${registry}/${repository}:${tag}`;
}

export class InvalidDatabaseSourceError extends Error {
  override name = "InvalidDatabaseSourceError";

  constructor(text: string) {
    super(`Not a source of databases: "${printable(text)}"; for example ghcr.io/aquasecurity/trivy-db:2.`);
  }
}
