import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { InvalidMessageError, parseJson } from "../shared/messages/invalid-message-error.ts";
import { InvalidCursorError } from "../shared/ports/image-store.ts";

/** The body as JSON value, or InvalidMessageError. */
export async function readJson(request: HttpRequest): Promise<unknown> {
  return parseJson(await request.text(), "request body");
}

/** An error as RFC 9457 describes it: application/problem+json. */
export function problem(status: number, title: string, detail: string): HttpResponseInit {
  return {
    status,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ type: "about:blank", title, status, detail }),
  };
}

export function badRequest(detail: string): HttpResponseInit {
  return problem(400, "Bad Request", detail);
}

export function notFound(detail: string): HttpResponseInit {
  return problem(404, "Not Found", detail);
}

/** Answers a question about bad input with 400; everything else stays a failure of ours. */
export async function answering(work: () => Promise<HttpResponseInit>): Promise<HttpResponseInit> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidMessageError || error instanceof InvalidCursorError) return badRequest(error.message);
    throw error;
  }
}
