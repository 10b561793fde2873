import type { IncomingMessage } from "node:http";

/** Reads the whole body. A declared length above the limit is refused before anything is read. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw new BodyTooLargeError(limitBytes);
  if (request.destroyed) throw new ClientGoneError();
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
    else {
      request.pause();
      reject(new BodyTooLargeError(limitBytes));
    }
  });
  request.on("end", () => resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)));
  // What Node says of it is only that it was "aborted".
  request.on("error", () => reject(new ClientGoneError()));
  request.on("close", () => reject(new ClientGoneError()));
  return promise;
}

export class BodyTooLargeError extends Error {
  override name = "BodyTooLargeError";

  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`);
  }
}

export class ClientGoneError extends Error {
  override name = "ClientGoneError";

  constructor() {
    super("The client went away before the body had arrived.");
  }
}
