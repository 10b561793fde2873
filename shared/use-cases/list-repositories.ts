import { addListed, noneListed, startOf, type DiscoverPlace, type RegistryWalk } from "../domain/registry-walk.ts";
import type { Repository } from "../domain/image-reference.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { CatalogPage, RegistryCatalog } from "../ports/registry-catalog.ts";
import { isRefusal, orRefusal } from "./refusal.ts";

export interface ListRepositoriesPorts {
  readonly catalog: Pick<RegistryCatalog, "listRepositories">;
  readonly images: Pick<ImageStore, "list">;
  readonly watchList: WatchList;
  readonly turn: (signal?: AbortSignal) => Promise<void>;
}

/** Reads the next page of repositories. Where the registry has no such list, the repositories on record take its place. */
export async function listRepositories(
  { catalog, images, watchList, turn }: ListRepositoriesPorts,
  walk: RegistryWalk,
  place: DiscoverPlace,
  signal: AbortSignal | undefined,
): Promise<RegistryWalk> {
  const { registry, coverage } = walk;
  if (place.from === "catalog") await turn(signal);
  const page =
    place.from === "catalog"
      ? await orRefusal(catalog.listRepositories(registry, place.cursor, signal))
      : await recordedRepositories();
  const isEndless = place.pages >= maximumPages;
  if (isRefusal(page) || isEndless) {
    const error = isRefusal(page) ? page.error : `${registry} sent more than ${maximumPages} pages of repositories.`;
    const partial = `The registry does not list its repositories; only those on record were walked. ${error}`;
    return {
      ...walk,
      place: startOf("records"),
      coverage: {
        ...coverage,
        repositories: noneListed,
        tags: noneListed,
        unreadable: [],
        partial: [...coverage.partial, partial],
      },
    };
  }
  const watched = page.items.filter((repository) => watchList(registry, repository) === "watched");
  const leftOut = page.items.length - watched.length;
  return {
    ...walk,
    place: {
      ...place,
      repositories: watched,
      last: page.items.at(-1) ?? place.last,
      cursor: page.next,
      isListed: page.next === undefined,
      pages: place.pages + 1,
    },
    coverage: {
      ...coverage,
      repositories: addListed(coverage.repositories, { listed: leftOut, leftOut }),
    },
  };

  /** The records are sorted by repository, so the first of a page may have been the last of the page before. */
  async function recordedRepositories(): Promise<CatalogPage<Repository>> {
    const { items, next } = await images.list({ registry }, { limit: 500, cursor: place.cursor });
    const names = new Set(items.map(({ image }) => image.repository));
    return { items: [...names].filter((name) => name !== place.last), next };
  }
}

const maximumPages = 10_000;
