import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { RetryLaterError } from "../shared/domain/failure.ts";
import { InvalidMessageError, parseJson } from "../shared/messages/invalid-message-error.ts";
import { InvalidCursorError } from "../shared/ports/image-store.ts";

/** The body as JSON value, or InvalidMessageError. */
export async function readJson(request: HttpRequest): Promise<unknown> {
  return parseJson(await request.text(), "request body");
}

/** A page of a list. Where the next one is stands in the body and, for clients that follow links, in a header (RFC 8288). */
export function page(request: HttpRequest, body: Page): HttpResponseInit {
  if (body.next === undefined) return { jsonBody: body };
  const query = new URLSearchParams(request.query);
  query.set("cursor", body.next);
  // A key does not belong into a header that is logged and passed on.
  query.delete("code");
  return { jsonBody: body, headers: { link: `<?${query.toString()}>; rel="next"` } };
}

/** As it is shown; a list may belong to an image. */
interface Page {
  readonly image?: unknown;
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

const titles = {
  400: "Bad Request",
  404: "Not Found",
  409: "Conflict",
  502: "Bad Gateway",
  503: "Service Unavailable",
} as const;

/** An error as RFC 9457 describes it: application/problem+json. */
export function problem(
  status: keyof typeof titles,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: JSON.stringify({ type: "about:blank", title: titles[status], status, detail }),
  };
}

export function unknownImage(): HttpResponseInit {
  return problem(404, "No image with this id is known. GET /api/images lists those that are.");
}

/** Answers bad input with 400, and what may work later with 503; everything else stays a failure of ours. */
export async function answering(work: () => Promise<HttpResponseInit>): Promise<HttpResponseInit> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidMessageError || error instanceof InvalidCursorError) return problem(400, error.message);
    if (error instanceof RetryLaterError)
      return problem(503, error.message, error.notBefore && { "retry-after": error.notBefore.toUTCString() });
    throw error;
  }
}
