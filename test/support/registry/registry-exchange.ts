import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { faultyContent, type Fault } from "./registry-faults.ts";

/** One request on its way through the registry. */
export interface RegistryExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly fault: Fault | undefined;
  /** Who signed in; undefined for an anonymous request. */
  actor: string | undefined;
}

/** Ends in the specification's error body. */
export class RegistryProblem extends Error {
  override name = "RegistryProblem";
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export async function sendJson(
  exchange: RegistryExchange,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  const all = { "content-type": "application/json; charset=utf-8", ...headers };
  await sendContent(exchange, 200, all, bytes.byteLength, () => Readable.from([bytes]));
}

/** Sends the headers alone to a HEAD request. */
export async function sendContent(
  { request, response, fault }: RegistryExchange,
  status: number,
  headers: Record<string, string | number>,
  size: number,
  content: () => Readable,
): Promise<void> {
  response.writeHead(status, { ...headers, "content-length": size });
  if (request.method === "HEAD") response.end();
  else await pipeline(faultyContent(content(), size, fault), response);
}

export async function readContent(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const body: AsyncIterable<Buffer> = request;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new RegistryProblem(413, "SIZE_INVALID");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
