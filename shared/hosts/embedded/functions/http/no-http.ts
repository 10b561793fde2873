import type { Duplex } from "node:stream";
import { problem, type HttpAnswer } from "./http-answer.ts";

/** Answers what Node's parser refused, with the status codes that Node would use, and a reason, and ends the connection. */
export function answerNoHttp(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { status, headers, body = "" } = reasonFor(error.code);
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body), connection: "close" });
  const head = [`HTTP/1.1 ${status} Refused`, ...lines.map(([name, value]) => `${name}: ${value.toString()}`)];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body.toString()}`, () => socket.destroy());
}

function reasonFor(code: string | undefined): HttpAnswer {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return problem(431, "Request Header Fields Too Large", { detail: "The address and the headers are too large." });
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return problem(413, "Content Too Large", { detail: "The extensions of a chunk are too large." });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return problem(408, "Request Timeout", { detail: "The request did not arrive within the time that is allowed." });
    default:
      return problem(400, "Bad Request", { detail: `This is not a valid HTTP/1.1 request (${code ?? "unknown"}).` });
  }
}
