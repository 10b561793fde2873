import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { RegistryExchange } from "./registry-exchange.ts";

export interface NotificationEndpoint {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface NotificationTarget {
  readonly mediaType?: string;
  readonly size?: number;
  readonly digest?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly fromRepository?: string;
}

export interface Notifications {
  readonly send: (exchange: RegistryExchange, action: string, target: NotificationTarget) => void;
  /** Resolves when every endpoint has taken everything sent so far. */
  readonly delivered: () => Promise<void>;
  /** Drops what has not been taken. */
  readonly stop: () => Promise<void>;
}

/**
 * As CNCF distribution 2.8.2 sends them (recorded in test/fixtures/distribution): one event in each envelope, in order,
 * the next only after the endpoint has taken the one before it.
 */
export function registryNotifications(endpoints: readonly NotificationEndpoint[], retryMs = 100): Notifications {
  const stopping = new AbortController();
  const instanceID = randomUUID();
  const queues = endpoints.map((endpoint) => ({ endpoint, tail: Promise.resolve() }));
  const delivered = async () => {
    await Promise.all(queues.map(({ tail }) => tail));
  };

  return {
    send: ({ request, url, actor }, action, target) => {
      const { digest, size } = target;
      const kind = target.mediaType === "application/octet-stream" ? "blobs" : "manifests";
      const event = {
        id: randomUUID(),
        timestamp: new Date().toISOString(),
        action,
        target: {
          ...target,
          ...(size !== undefined && {
            length: size,
            url: `${url.origin}/v2/${target.repository}/${kind}/${digest ?? ""}`,
          }),
        },
        request: {
          id: randomUUID(),
          addr: `${request.socket.remoteAddress ?? ""}:${request.socket.remotePort ?? 0}`,
          host: request.headers.host,
          method: request.method,
          useragent: request.headers["user-agent"],
        },
        actor: actor === undefined ? {} : { name: actor },
        source: { addr: url.host, instanceID },
      };
      for (const queue of queues)
        queue.tail = queue.tail.then(() =>
          post(queue.endpoint, JSON.stringify({ events: [event] }), retryMs, stopping.signal),
        );
    },
    delivered,
    stop: async () => {
      stopping.abort();
      await delivered();
    },
  };
}

async function post(endpoint: NotificationEndpoint, body: string, retryMs: number, stop: AbortSignal): Promise<void> {
  const headers = { ...endpoint.headers, "content-type": "application/vnd.docker.distribution.events.v1+json" };
  while (!stop.aborted) {
    try {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(5000)]);
      const response = await fetch(endpoint.url, { method: "POST", headers, body, signal });
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not reached: the same as not taken.
    }
    await sleep(retryMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
