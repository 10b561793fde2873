import { connect } from "node:net";

/**
 * Sends bytes to a local port and resolves to all that comes back until the server closes, or until it has been silent for
 * a while: it may be waiting for the rest of a request that was cut short.
 */
export async function sendBytes(port: number, bytes: Uint8Array, patienceMs: number): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  const socket = connect({ port, host: "127.0.0.1" });
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // Servers cut connections on purpose; what they said before counts.
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(Buffer.concat(chunks)));
  socket.write(bytes);
  return promise;
}
