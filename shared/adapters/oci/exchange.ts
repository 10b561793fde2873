import { DeadLetterError, RetryLaterError } from "../../domain/failure.ts";
import type { Secret } from "../../domain/secret.ts";
import { isRedirect, redirectTarget } from "./redirect.ts";

export interface ExchangeRequest {
  readonly method: "GET" | "HEAD";
  readonly url: URL;
  readonly accept: string;
  /** The whole header value. It is sent to the origin of `url` and nowhere else. */
  readonly authorization?: Secret | undefined;
  /** Of a good answer. More is a DeadLetterError, whatever Content-Length said. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

/** An answer read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Cut off at 64 KiB unless the status is 200. */
  readonly content: Uint8Array;
  /** Who answered in the end. */
  readonly url: URL;
  /** False when a redirect led to another origin, which does not speak for the one that was asked. */
  readonly fromOrigin: boolean;
}

export type Exchange = (request: ExchangeRequest, signal?: AbortSignal) => Promise<Answer>;

const MAX_ERROR_BYTES = 64 * 1024;

/**
 * One HTTP exchange with its redirects. `timeoutSeconds` is for all of it, the body included.
 * Messages name hosts only: the query of a redirect is often a signature, which is a secret.
 */
export function httpExchange(options: { readonly userAgent: string; readonly timeoutSeconds: number }): Exchange {
  return async (request, signal) => {
    const timeout = AbortSignal.timeout(options.timeoutSeconds * 1000);
    const end = signal ? AbortSignal.any([signal, timeout]) : timeout;
    let url = request.url;
    try {
      let authorization = request.authorization;
      for (let redirects = 0; redirects <= request.maxRedirects; redirects += 1) {
        const headers = requestHeaders(request.accept, options.userAgent, authorization);
        const response = await fetch(url, { method: request.method, headers, redirect: "manual", signal: end });
        if (!isRedirect(response.status)) return await readAnswer(response, url, request);
        await response.body?.cancel();
        const target = redirectTarget(url, response.headers.get("location"));
        if (!target) throw new RetryLaterError(`${url.host} redirects to an address that must not be followed.`);
        if (target.origin !== url.origin) authorization = undefined;
        url = target;
      }
    } catch (cause) {
      if (cause instanceof RetryLaterError || cause instanceof DeadLetterError) throw cause;
      signal?.throwIfAborted();
      const reason = timeout.aborted ? `no complete answer in ${options.timeoutSeconds} s` : failureCode(cause);
      throw new RetryLaterError(`${url.host} could not be read: ${reason}.`, { cause });
    }
    throw new RetryLaterError(`${request.url.host} redirects more often than allowed (${request.maxRedirects}).`);
  };
}

function requestHeaders(accept: string, userAgent: string, authorization: Secret | undefined): Headers {
  // A compressed transfer would hide the bytes that a digest is about.
  const headers = new Headers({ accept, "accept-encoding": "identity", "user-agent": userAgent });
  if (authorization) headers.set("authorization", authorization.reveal());
  return headers;
}

async function readAnswer(response: Response, url: URL, { maxBytes, url: asked }: ExchangeRequest): Promise<Answer> {
  const good = response.status === 200;
  const { content, complete } = await readBody(response, good ? maxBytes : MAX_ERROR_BYTES);
  if (good && !complete)
    throw new DeadLetterError(
      "registry-answer-too-large",
      `${url.host} sent more than the ${maxBytes} bytes that are allowed here.`,
    );
  return { status: response.status, headers: response.headers, content, url, fromOrigin: url.origin === asked.origin };
}

async function readBody(response: Response, maxBytes: number): Promise<{ content: Uint8Array; complete: boolean }> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let room = maxBytes;
  // Leaving the loop early cancels the body and with it the connection.
  for await (const chunk of body ?? []) {
    chunks.push(chunk.subarray(0, room));
    if (chunk.byteLength > room) return { content: Buffer.concat(chunks), complete: false };
    room -= chunk.byteLength;
  }
  return { content: Buffer.concat(chunks), complete: true };
}

/** fetch says only "fetch failed"; what happened is in its cause, `ECONNREFUSED` for example. */
function failureCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return "unknown reason";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
