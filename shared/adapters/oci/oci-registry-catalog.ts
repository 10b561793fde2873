import * as z from "zod";

import { compareText } from "../../domain/compare-text.ts";
import { DeadLetterError } from "../../domain/failure.ts";
import { isRepository, isTag, type RegistryHost } from "../../domain/image-reference.ts";
import { InvalidCursorError } from "../../ports/image-store.ts";
import type { CatalogPage, RegistryCatalog } from "../../ports/registry-catalog.ts";
import { foundOrGone, parseAnswer } from "./endings.ts";
import type { Answer } from "./exchange.ts";
import { nextPath } from "./listing.ts";
import { JSON_ACCEPT } from "./media-types.ts";
import { registryRequests, type OciClientOptions } from "./registry-requests.ts";

/** Small, since whoever walks keeps its place between pages only. */
const TAGS_ASKED = 50;
const REPOSITORIES_ASKED = 100;

/** Registries may ignore what was asked; CNCF distribution 2.8 sends all tags at once. */
const LARGEST_PAGE = 500;

const MAX_PAGE_BYTES = 8 * 1024 * 1024;

// Docker's registry says null where it has none.
const tagNames = z.object({ tags: z.array(z.string().refine(isTag)).nullable() }).transform(({ tags }) => tags ?? []);
const repositoryNames = z
  .object({ repositories: z.array(z.string().refine(isRepository)).nullable() })
  .transform(({ repositories }) => repositories ?? []);

/** The listings of the OCI distribution protocol: names only. Manifests without a tag are not in them. */
export function ociRegistryCatalog(options: OciClientOptions): RegistryCatalog {
  const ask = registryRequests(options);

  return {
    listRepositories: async (registry, cursor, signal) => {
      const place = parseCursor(cursor) ?? { path: `/v2/_catalog?n=${REPOSITORIES_ASKED}` };
      return listNames({ registry, place, purpose: "catalog", signal }, repositoryNames, foundOrRefused);
    },

    listManifests: async ({ registry, repository }, cursor, signal) => {
      const place = parseCursor(cursor) ?? { path: `/v2/${repository}/tags/list?n=${TAGS_ASKED}` };
      const request = { registry, place, purpose: `list ${repository}`, signal };
      const { items, next } = await listNames(request, tagNames, foundOrGone);
      return { items: items.map((tag) => ({ tags: [tag] })), next };
    },
  };

  async function listNames<Name extends string>(
    { registry, place, purpose, signal }: NamesRequest,
    schema: z.ZodType<readonly Name[]>,
    found: (answer: Answer) => Answer | undefined,
  ): Promise<CatalogPage<Name>> {
    const { path, after } = place;
    const answer = found(
      await ask({ registry, path, method: "GET", accept: JSON_ACCEPT, purpose, maxBytes: MAX_PAGE_BYTES, signal }),
    );
    if (answer === undefined) return { items: [] };
    const names = parseAnswer(answer, schema);
    const following = nextPath(answer);
    const next = following === undefined ? undefined : formatCursor({ path: following });
    if (names.length <= LARGEST_PAGE && after === undefined) return { items: names, next };
    // By name, whatever the registry's own order, not by position: what is deleted meanwhile must not hide the next.
    const rest = names.filter((name) => after === undefined || name > after).toSorted(compareText);
    const items = rest.slice(0, LARGEST_PAGE);
    const last = items.at(-1);
    const isAll = items.length === rest.length;
    return { items, next: isAll || last === undefined ? next : formatCursor({ path, after: last }) };
  }
}

interface NamesRequest {
  readonly registry: RegistryHost;
  readonly place: Place;
  readonly purpose: string;
  readonly signal: AbortSignal | undefined;
}

/** A page as the registry numbers them, and where in it. */
type Place = z.output<typeof Place>;

const Place = z.object({ path: z.string().startsWith("/v2/").max(4000), after: z.string().optional() });

function parseCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Place.parse(JSON.parse(cursor));
  } catch {
    throw new InvalidCursorError();
  }
}

function formatCursor(place: Place): string {
  return JSON.stringify(place);
}

/** Without a catalog a registry may answer 404, with or without the protocol's error. */
function foundOrRefused(answer: Answer): Answer {
  const found = answer.status === 404 ? undefined : foundOrGone(answer);
  if (found !== undefined) return found;
  throw new DeadLetterError("registry-refused", `${answer.url.host} has no catalog of its repositories (404).`);
}
