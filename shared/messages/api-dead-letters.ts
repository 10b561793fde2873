import * as z from "zod";
import type { DeadLetterFilter } from "../ports/dead-letters.ts";
import type { PageRequest } from "../ports/image-store.ts";
import { PageQuery, parseQuery, type Query } from "./api-requests.ts";
import { parseWith } from "./invalid-message-error.ts";

/** Of GET /api/dead-letters. */
export function parseDeadLetterQuery(query: Query): { readonly filter: DeadLetterFilter; readonly page: PageRequest } {
  const { limit, cursor, ...filter } = parseQuery(DeadLetterQuery, query);
  return { filter, page: { limit, cursor } };
}

/** Of POST /api/dead-letters/redrive: which ones. An empty object means all. */
export function parseRedriveQuestion(value: unknown) {
  const { cursor, ...filter } = parseWith(RedriveQuestion, value, "selection of dead letters");
  return { filter, cursor };
}

/** Of DELETE /api/dead-letters/{id}. */
export function parseDropQuestion(value: unknown) {
  return parseWith(DropQuestion, value, "reason to drop a dead letter");
}

const Name = z.string().min(1).max(200);

const Filter = { source: Name.optional(), reason: Name.optional() };

const DeadLetterQuery = PageQuery.extend(Filter);

const RedriveQuestion = z.strictObject({ ...Filter, cursor: z.string().max(2000).optional() });

const DropQuestion = z.strictObject({
  reason: z.string("expected a sentence that says why").trim().min(3, "expected a sentence that says why").max(1000),
  by: z.string().trim().min(1).max(200).optional(),
});
