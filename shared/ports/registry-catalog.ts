import type { Digest } from "../domain/digest.ts";
import type { RegistryHost, Repository, Tag } from "../domain/image-reference.ts";
import type { RepositoryReference } from "./image-registry.ts";

/**
 * Listing of a registry in pages whose cursors may be kept for days and used by another process. Ends as ImageRegistry
 * does: RetryLaterError when the registry cannot answer now, RegistryAccessError when it does not let us in,
 * DeadLetterError when it refuses or its answer cannot be used. What comes or goes while a listing is read may or may
 * not be in it.
 *
 * Azure Container Registry's own listing, which knows manifests without a tag, when they were made, and their media
 * types, will be a second adapter.
 */
export interface RegistryCatalog {
  /** Many registries refuse it: RegistryAccessError or DeadLetterError. */
  readonly listRepositories: (
    registry: RegistryHost,
    cursor?: string,
    signal?: AbortSignal,
  ) => Promise<CatalogPage<Repository>>;

  /** Nothing for a repository that is not there. */
  readonly listManifests: (
    repository: RepositoryReference,
    cursor?: string,
    signal?: AbortSignal,
  ) => Promise<CatalogPage<ListedManifest>>;
}

export interface CatalogPage<T> {
  /** At most 500. Not in any promised order. */
  readonly items: readonly T[];
  /** Missing on the last page. */
  readonly next?: string | undefined;
}

/** A manifest as far as the listing tells. */
export interface ListedManifest {
  /** Missing where a registry lists names only: `tags` holds one tag then, and the registry knows what it points at. */
  readonly digest?: Digest | undefined;
  readonly tags: readonly Tag[];
  readonly mediaType?: string | undefined;
  readonly createdAt?: Date | undefined;
}
