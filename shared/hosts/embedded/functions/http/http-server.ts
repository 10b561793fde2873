import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { Server as NetServer } from "node:net";
import type { Log } from "../../../../ports/log.ts";
import { errorFields } from "../function-invoker.ts";
import type { ListenOptions } from "../functions-host.ts";
import { problem, type HttpAnswer, type HttpCall } from "./http-answer.ts";
import { answerNoHttp } from "./no-http.ts";
import { BodyTooLargeError, ClientGoneError, readBody } from "./request-body.ts";

export interface HttpServer {
  readonly url: string;
  /** No new connections; new requests on open ones are answered 503. */
  readonly stopAccepting: () => void;
  /** Resolves when no request is being answered. */
  readonly idle: () => Promise<void>;
  /** Resolves when everything is closed; cuts what is still open. */
  readonly close: () => Promise<void>;
}

export async function startHttpServer(options: {
  readonly answer: (call: HttpCall) => HttpAnswer | Promise<HttpAnswer>;
  readonly listen: ListenOptions;
  readonly maxBodyBytes: number;
  readonly maxOutstandingRequests: number;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly log: Log;
}): Promise<HttpServer> {
  const { listen, log, maxBodyBytes, customHeaders } = options;
  let stopping = false;
  const outstanding = new Set<ServerResponse>();

  const answerTo = async (request: IncomingMessage): Promise<HttpAnswer> => {
    if (stopping) return problem(503, "Service Unavailable", { detail: "The host is stopping." });
    if (outstanding.size > options.maxOutstandingRequests) {
      return problem(429, "Too Many Requests", {
        detail: "Too many requests are being answered already.",
        headers: { "retry-after": "1" },
      });
    }
    const call = toHttpCall(request, maxBodyBytes);
    if (call === undefined)
      return problem(400, "Bad Request", { detail: "The URL or the Host header cannot be read." });
    try {
      return await options.answer(call);
    } catch (error) {
      if (error instanceof BodyTooLargeError) return problem(413, "Content Too Large", { detail: error.message });
      // Nobody reads the answer, and whoever can connect could fill the log.
      if (error instanceof ClientGoneError) return problem(400, "Bad Request", { detail: error.message });
      log.error("A request could not be answered", { method: call.method, path: call.path, ...errorFields(error) });
      return problem(500, "Internal Server Error");
    }
  };

  const server = createServer(
    {
      headersTimeout: listen.headersTimeoutMs ?? 10_000,
      requestTimeout: listen.requestTimeoutMs ?? 30_000,
      keepAliveTimeout: listen.keepAliveTimeoutMs ?? 75_000,
      connectionsCheckingInterval: 1000,
      // Node would refuse it without a reason.
      requireHostHeader: false,
    },
    (request, response) => {
      outstanding.add(response);
      response.on("close", () => outstanding.delete(response));
      answerTo(request)
        .then((answer) => send(request, response, answer, customHeaders, stopping))
        .catch((error: unknown) => {
          log.error("An answer could not be sent", errorFields(error));
          response.destroy();
        });
    },
  );
  server.on("clientError", answerNoHttp);
  const closed = Promise.withResolvers<undefined>();
  server.on("close", () => closed.resolve(undefined));
  server.listen(listen.port, listen.host ?? "127.0.0.1");
  await once(server, "listening");
  server.on("error", (error) => log.error("The HTTP server has a problem", errorFields(error)));

  return {
    url: baseUrl(server.address(), listen.host ?? "127.0.0.1"),
    stopAccepting: () => {
      stopping = true;
      // http.Server's own close also cuts connections whose answer has been written but not yet sent.
      NetServer.prototype.close.call(server);
    },
    idle: async () => {
      for (const response of outstanding) await new Promise((resolve) => response.on("close", resolve));
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

function baseUrl(address: ReturnType<ReturnType<typeof createServer>["address"]>, host: string): string {
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function toHttpCall(request: IncomingMessage, maxBodyBytes: number): HttpCall | undefined {
  const { method = "GET", url: target = "" } = request;
  // RFC 9112 section 3.2 wants it from everyone but HTTP/1.0.
  const authority = request.headers.host ?? (request.httpVersion === "1.0" ? "localhost" : "");
  const url = `http://${authority}${target}`;
  if (!target.startsWith("/") || !/^[\w.:[\]-]+$/.test(authority) || !URL.canParse(url)) return undefined;
  const [path = "/", ...query] = target.split("?");
  return {
    method,
    url,
    path,
    query: new URLSearchParams(query.join("?")),
    headers: joinedHeaders(request),
    readBody: () => readBody(request, maxBodyBytes),
  };
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
  customHeaders: Readonly<Record<string, string>>,
  stopping: boolean,
): void {
  if (response.destroyed) return;
  const body = answer.body ?? "";
  const headers: Record<string, string | string[]> = { ...customHeaders };
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    headers[name] = typeof value === "string" ? value : [...value];
  }
  if (answer.status !== 204 && answer.status !== 304) headers["content-length"] = String(Buffer.byteLength(body));
  // A body that was not read would have to be received to its end before the connection can serve the next request.
  if (stopping || !request.complete) headers["connection"] = "close";
  response.writeHead(answer.status, headers);
  response.end(body);
}
