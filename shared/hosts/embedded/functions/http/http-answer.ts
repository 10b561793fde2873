/** What a handler answers; the server adds length, connection and custom headers. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** What a handler sees of a request. */
export interface HttpCall {
  readonly method: string;
  /** Absolute, with query. */
  readonly url: string;
  /** Percent-encoded, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body, once. Throws BodyTooLargeError above the limit. */
  readonly readBody: () => Promise<Uint8Array>;
}

export const jsonAnswer = (status: number, body: unknown): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Problem Details, RFC 9457. */
export const problem = (
  status: number,
  title: string,
  more: { readonly detail?: string; readonly invocationId?: string; readonly headers?: Record<string, string> } = {},
): HttpAnswer => {
  const { headers, ...members } = more;
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: JSON.stringify({ type: "about:blank", title, status, ...members }),
  };
};

/** @param allow methods, separated by commas */
export const methodNotAllowed = (allow: string): HttpAnswer =>
  problem(405, "Method Not Allowed", { detail: `This address is for ${allow} only.`, headers: { allow } });
