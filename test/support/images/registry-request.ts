export interface RegistryOptions {
  /** Sent by HTTP basic authentication, together with the password. */
  readonly username?: string;
  readonly password?: string;
  readonly signal?: AbortSignal;
}

/**
 * One request of the OCI distribution protocol; the body of the answer is discarded.
 *
 * @throws RegistryRefusedError when the status is none of those expected
 */
export async function registryRequest(
  url: string | URL,
  request: RequestInit,
  expected: readonly number[],
  { username, password = "", signal }: RegistryOptions,
): Promise<Response> {
  const headers = new Headers(request.headers);
  if (username !== undefined)
    headers.set("authorization", `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
  const limit = AbortSignal.timeout(LONGEST_REQUEST_MS);
  const response = await fetch(url, {
    ...request,
    headers,
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  // Read even when nobody wants it: a body left alone costs the next request a new connection.
  const body = await readText(response);
  if (!expected.includes(response.status)) throw new RegistryRefusedError(request.method ?? "GET", response, body);
  return response;
}

/** Long enough for a layer of a few gigabytes on a slow disk. */
const LONGEST_REQUEST_MS = 10 * 60_000;

async function readText({ body }: Response): Promise<string> {
  let text = "";
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.length > LONGEST_BODY) break;
  }
  return text;
}

const LONGEST_BODY = 64_000;

export class RegistryRefusedError extends Error {
  override name = "RegistryRefusedError";
  readonly status: number;

  constructor(method: string, { url, status }: Response, body: string) {
    super(`The registry answered ${status} to ${method} ${url}: ${body.slice(0, 1000)}`);
    this.status = status;
  }
}
