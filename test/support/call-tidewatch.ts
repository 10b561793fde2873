export interface Answer {
  readonly status: number;
  /** As JSON value; undefined where there is no body. */
  readonly body: unknown;
}

/** A request with a key of the host. */
export async function callTidewatch(url: string, key: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  headers.set("x-functions-key", key);
  const response = await fetch(`${url}${path}`, { ...init, headers, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, body };
}
