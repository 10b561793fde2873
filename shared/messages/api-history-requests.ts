import * as z from "zod";
import type { RegistryHost, Repository, Tag } from "../domain/image-reference.ts";
import type { PageRequest } from "../ports/image-store.ts";
import { PageQuery, parseQuery, type Query } from "./api-requests.ts";
import * as reference from "./reference-schema.ts";

/** Of GET /api/images/{id}/changes: the id of the image to compare with. Throws InvalidMessageError. */
export function parseComparisonQuery(query: Query): { readonly since: string; readonly page: PageRequest } {
  const { since, ...page } = parseQuery(ComparisonQuery, query);
  return { since, page };
}

/** Of GET /api/tags. Throws InvalidMessageError. */
export function parseTagQuery(query: Query): { readonly named: NamedTag; readonly page: PageRequest } {
  const { limit, cursor, ...named } = parseQuery(TagQuery, query);
  return { named, page: { limit, cursor } };
}

export interface NamedTag {
  readonly registry: RegistryHost;
  readonly repository: Repository;
  readonly tag: Tag;
}

const ComparisonQuery = PageQuery.extend({
  since: z.string("expected the id of the image to compare with").pipe(reference.ImageId),
});

const TagQuery = PageQuery.extend({
  registry: reference.RegistryHost,
  repository: reference.Repository,
  tag: reference.Tag,
});
