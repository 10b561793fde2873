import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { readContent } from "./registry-exchange.ts";

export interface ReceivedNotification {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface NotificationReceiver extends AsyncDisposable {
  readonly url: string;
  /** Resolves once this many have come; rejects after ten seconds. */
  readonly received: (count: number) => Promise<readonly ReceivedNotification[]>;
  /** The next requests are answered with 503 and must come again. */
  readonly refuse: (times: number) => void;
}

/** Keeps what a registry sends to its notification endpoint. */
export async function startNotificationReceiver(): Promise<NotificationReceiver> {
  const notifications: ReceivedNotification[] = [];
  let refusals = 0;
  const server = createServer((request, response) => {
    void readContent(request, 1024 * 1024).then((content) => {
      const refused = refusals > 0;
      if (refused) refusals -= 1;
      else notifications.push({ headers: request.headers, body: JSON.parse(content.toString()) });
      response.writeHead(refused ? 503 : 200).end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;

  return {
    url: `http://127.0.0.1:${port ?? 0}/notifications`,
    received: async (count) => {
      const deadline = Date.now() + 10_000;
      while (notifications.length < count) {
        if (Date.now() > deadline) throw new Error(`Only ${notifications.length} of ${count} notifications came.`);
        await sleep(20);
      }
      return [...notifications];
    },
    refuse: (times) => {
      refusals = times;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
