import { Agent, request } from "node:http";
import { distributionPush, eventGridPush } from "../world/pushed-events.ts";
import { REGISTRY } from "./stored-state.ts";

/** A way in which events come. */
export interface Sender {
  readonly title: string;
  readonly bodies: (digests: readonly string[]) => readonly string[];
  /** Resolves when every body has been answered with 2xx. */
  readonly send: (bodies: readonly string[], target: SendTarget) => Promise<void>;
}

export interface SendTarget {
  readonly url: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

const eventGridPath = "/runtime/webhooks/eventgrid?functionName=receiveRegistryEvent";
const notificationPath = "/api/registry-notifications";
const repository = "shop/web";

export const senders = {
  batches: {
    title: "Event Grid, batches of 100, 4 connections",
    bodies: (digests) => {
      const events = digests.map((digest) => eventGridPush(REGISTRY, repository, digest));
      return Array.from({ length: Math.ceil(events.length / 100) }, (_, index) =>
        JSON.stringify(events.slice(index * 100, index * 100 + 100)),
      );
    },
    send: (bodies, target) => sendAll(bodies, target, eventGridPath, 4),
  },
  single: {
    title: "Event Grid, one by one, 32 connections",
    bodies: (digests) => digests.map((digest) => JSON.stringify([eventGridPush(REGISTRY, repository, digest)])),
    send: (bodies, target) => sendAll(bodies, target, eventGridPath, 32),
  },
  notifications: {
    title: "distribution, one by one, 32 connections",
    bodies: (digests) =>
      digests.map((digest) => JSON.stringify({ events: [distributionPush(REGISTRY, repository, digest)] })),
    send: (bodies, target) => sendAll(bodies, target, notificationPath, 32),
  },
} as const satisfies Record<string, Sender>;

/** Each connection is kept open and sends its next request when the one before has been answered. */
async function sendAll(
  bodies: readonly string[],
  target: SendTarget,
  path: string,
  connections: number,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const queue = bodies.values();
  const sendSome = async () => {
    for (const body of queue) await post(`${target.url}${path}`, body, target, agent);
  };
  try {
    await Promise.all(Array.from({ length: connections }, sendSome));
  } finally {
    agent.destroy();
  }
}

/** node:http takes half the processor time of fetch, which the other side can use. */
async function post(url: string, body: string, { key, signal }: SendTarget, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const headers = { "content-type": "application/json", "x-functions-key": key };
  const sending = request(url, { method: "POST", agent, headers, signal, timeout: 60_000 }, (response) => {
    response.resume();
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) reject(new Error(`Tidewatch answered ${statusCode} to an event.`));
    response.on("end", () => resolve(undefined));
    response.on("error", reject);
  });
  sending.on("error", reject);
  sending.on("timeout", () => sending.destroy(new Error("Tidewatch did not answer.")));
  sending.end(body);
  await promise;
}
