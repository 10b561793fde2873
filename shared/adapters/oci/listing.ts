import type * as z from "zod";

import { DeadLetterError } from "../../domain/failure.ts";
import { foundOrGone, parseAnswer } from "./endings.ts";
import type { Answer } from "./exchange.ts";
import type { AskRegistry, RegistryRequest } from "./registry-requests.ts";

const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** A million entries of a hundred a page; more than that is a registry that goes round in circles. */
const MAX_PAGES = 10_000;

/**
 * Page after page by the Link header (distribution specification, "Listing Tags"). Nothing when the registry says that
 * there is no such thing. The next page must be in the same registry, since our sign-in goes with the request.
 */
export async function* pages<T>(
  ask: AskRegistry,
  request: Pick<RegistryRequest, "registry" | "path" | "accept" | "purpose" | "signal">,
  schema: z.ZodType<T>,
  found: (answer: Answer) => Answer | undefined = foundOrGone,
): AsyncGenerator<T> {
  let path: string | undefined = request.path;
  for (let count = 0; path !== undefined; count += 1) {
    if (count === MAX_PAGES) throw pagingError(request.registry, `sent more than ${MAX_PAGES} pages`);
    const answer = await ask({ ...request, path, method: "GET", maxBytes: MAX_PAGE_BYTES });
    const page = found(answer);
    if (!page) return;
    yield parseAnswer(page, schema);
    path = nextPath(page);
  }
}

/** Path and query of the page that follows this answer. */
export function nextPath(answer: Answer): string | undefined {
  const link = parseNextLink(answer.headers.get("link"));
  if (link === undefined) return undefined;
  const next = URL.canParse(link, answer.url.href) ? new URL(link, answer.url) : undefined;
  if (next?.origin !== answer.url.origin || !answer.fromOrigin)
    throw pagingError(answer.url.host, "names another host for its next page");
  if (next.href === answer.url.href) throw pagingError(answer.url.host, "names the same page as the next one");
  return next.pathname + next.search;
}

function parseNextLink(header: string | null): string | undefined {
  for (const [, target, parameters = ""] of (header ?? "").matchAll(/<([^>]*)>([^,<]*)/g))
    if (/;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(parameters)) return target;
  return undefined;
}

function pagingError(host: string, problem: string): DeadLetterError {
  return new DeadLetterError("registry-protocol", `${host} ${problem}.`);
}
