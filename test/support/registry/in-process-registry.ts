import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { parseRegistryHost, type RegistryHost } from "../../../shared/domain/image-reference.ts";
import { registryAuthorization, type RegistryAuth } from "./registry-authorization.ts";
import { openRegistryContent } from "./registry-content.ts";
import { RegistryProblem, type RegistryExchange } from "./registry-exchange.ts";
import { registryFaults, type Faults } from "./registry-faults.ts";
import { registryNotifications, type NotificationEndpoint } from "./registry-notifications.ts";
import { registryRoutes } from "./registry-routes.ts";
import { requestLog, type RequestLog } from "./request-log.ts";

export interface InProcessRegistryOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** None when absent. */
  readonly auth?: RegistryAuth;
  readonly notifications?: readonly NotificationEndpoint[];
  /** Entries in one page of a listing, at most; 100 when absent. */
  readonly pageSize?: number;
  /** Absent from many registries, CNCF distribution 2.8 among them; there when not said. */
  readonly referrersApi?: boolean;
}

export interface InProcessRegistry extends AsyncDisposable {
  readonly host: RegistryHost;
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly revokeTokens: () => void;
  /** Resolves when every notification so far has been taken. */
  readonly notified: () => Promise<void>;
  /** Ends open requests and removes the content. */
  readonly close: () => Promise<void>;
}

/** A registry of the OCI distribution protocol 1.1 on 127.0.0.1, plain http, for tests and the demo. */
export async function startInProcessRegistry(options: InProcessRegistryOptions = {}): Promise<InProcessRegistry> {
  const { port = 0, auth = { kind: "none" }, pageSize = 100, referrersApi = true } = options;
  const content = await openRegistryContent();
  const notifications = registryNotifications(options.notifications ?? []);
  const authorization = registryAuthorization(auth);
  const answer = registryRoutes({ content, notifications, authorization, pageSize, referrersApi });
  const requests = requestLog();
  const faults = registryFaults();

  const server = createServer((request, response) => {
    requests.note(request);
    const fault = faults.take(request);
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
    void respond({ request, response, url, fault, actor: undefined }, answer);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The registry listens on no port.");
  const host = parseRegistryHost(`127.0.0.1:${address.port}`);
  const close = async () => {
    await notifications.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await content.remove();
  };
  return {
    host,
    url: `http://${host}`,
    requests,
    faults,
    revokeTokens: authorization.revokeTokens,
    notified: notifications.delivered,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function respond(
  exchange: RegistryExchange,
  answer: (exchange: RegistryExchange) => Promise<void>,
): Promise<void> {
  const { request, response, fault } = exchange;
  response.setHeader("docker-distribution-api-version", "registry/2.0");
  if (fault?.kind === "hang") return;
  if (fault?.kind === "answer") {
    response.writeHead(fault.status, fault.headers).end(fault.body);
    request.resume();
    return;
  }
  try {
    await answer(exchange);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendProblem(request, response, error);
  }
}

function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const problem = error instanceof RegistryProblem ? error : new RegistryProblem(500, "UNKNOWN");
  response.writeHead(problem.status, { "content-type": "application/json; charset=utf-8", ...problem.headers });
  response.end(
    JSON.stringify({ errors: [{ code: problem.code, message: error instanceof Error ? error.message : "" }] }),
  );
  // The rest of a body that nobody reads would block the connection.
  request.resume();
}
