import type { Digest } from "../../../shared/domain/digest.ts";
import type { Repository, Tag } from "../../../shared/domain/image-reference.ts";
import type { ImageRegistry } from "../../../shared/ports/image-registry.ts";
import type { RegistryCatalog } from "../../../shared/ports/registry-catalog.ts";

export interface ListedRegistry {
  readonly catalog: RegistryCatalog;
  readonly registry: Pick<ImageRegistry, "resolveTag" | "exists">;
}

/** What a registry holds, as rules rather than contents: sorted, so that it takes no memory however large it is. */
export interface RegistryRules {
  readonly repositories: number;
  readonly repository: (number: number) => Repository;
  readonly tags: number;
  readonly tag: (number: number) => Tag;
  readonly digest: (repository: Repository, tag: Tag) => Digest | undefined;
  readonly exists: (repository: Repository, digest: Digest) => boolean;
  readonly pageSize: number;
}

/** A registry at the edge of the ports: no HTTP. */
export function listedRegistry(rules: RegistryRules): ListedRegistry {
  const page = (count: number, cursor: string | undefined) => {
    const start = Number(cursor ?? 0);
    const end = Math.min(start + rules.pageSize, count);
    const numbers = Array.from({ length: end - start }, (_, index) => start + index);
    return { numbers, next: end === count ? undefined : end.toString() };
  };
  return {
    catalog: {
      listRepositories: async (_, cursor) => {
        const { numbers, next } = page(rules.repositories, cursor);
        return { items: numbers.map(rules.repository), next };
      },
      listManifests: async (_, cursor) => {
        const { numbers, next } = page(rules.tags, cursor);
        return { items: numbers.map((number) => ({ tags: [rules.tag(number)] })), next };
      },
    },
    registry: {
      resolveTag: async ({ repository }, tag) => rules.digest(repository, tag),
      exists: async ({ repository, digest }) => rules.exists(repository, digest),
    },
  };
}
