import * as z from "zod";
import { alertKinds } from "../domain/alert.ts";
import type { AlertFilter } from "../ports/alert-log.ts";
import type { PageRequest } from "../ports/image-store.ts";
import { PageQuery, parseQuery, type Query } from "./api-requests.ts";
import { ImageId, Instant } from "./reference-schema.ts";

/** Of GET /api/alerts. An event may have 200 KB, so a page has 50 at most. */
export function parseAlertQuery(query: Query): { readonly filter: AlertFilter; readonly page: PageRequest } {
  const { limit, cursor, ...filter } = parseQuery(AlertQuery, query);
  return { filter, page: { limit: Math.min(limit, 50), cursor } };
}

const AlertQuery = PageQuery.extend({
  image: ImageId.optional(),
  kind: z.enum(alertKinds, `expected one of ${alertKinds.join(", ")}`).optional(),
  since: Instant.optional(),
});
