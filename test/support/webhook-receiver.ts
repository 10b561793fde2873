import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { readContent } from "./registry/registry-exchange.ts";

/** A CloudEvents event whose signature was verified by the library that subscribers use. */
export interface ReceivedWebhook {
  readonly id: string;
  readonly receivedAt: number;
  readonly body: string;
  readonly event: AlertEvent;
}

export type AlertEvent = z.output<typeof AlertEvent>;

/** Only what tests look at; everything else is kept in the body. */
const AlertEvent = z.looseObject({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  data: z.looseObject({
    /** Missing where it is about no image. */
    tags: z.array(z.string()).optional(),
    platform: z.string().optional(),
    platforms: z.array(z.looseObject({ platform: z.string().optional() })).optional(),
    part: z.number().optional(),
    parts: z.number().optional(),
    changes: z.record(z.string(), z.number()).optional(),
    highestSeverity: z.string().optional(),
    fixAvailable: z.boolean().optional(),
    findings: z
      .array(z.looseObject({ vulnerabilityId: z.string(), change: z.string(), remediation: z.string() }))
      .optional(),
  }),
});

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly secret: string;
  /** In the order of arrival; a webhook that came twice is here twice. */
  readonly received: readonly ReceivedWebhook[];
  /** Requests whose signature did not verify. */
  readonly forged: readonly string[];
  /** Resolves with all received, once there are so many; rejects after the time. */
  readonly waitFor: (count: number, timeoutMs?: number) => Promise<readonly ReceivedWebhook[]>;
  /** Answers the next requests with this status instead of taking them. */
  readonly refuse: (times: number, status: number, headers?: Readonly<Record<string, string>>) => void;
}

/** A subscriber: an HTTP server that verifies what it gets. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const webhook = new Webhook(secret);
  const received: ReceivedWebhook[] = [];
  const forged: string[] = [];
  const arrivals = new EventTarget();
  let refusal = { times: 0, status: 503, headers: {} };

  const server = createServer((request, response) => {
    void readContent(request, 1024 * 1024).then((content) => {
      const receivedAt = performance.now();
      if (refusal.times > 0) {
        refusal.times -= 1;
        response.writeHead(refusal.status, refusal.headers).end();
        return;
      }
      const body = content.toString();
      try {
        webhook.verify(body, headersOf(request.headers));
        const event = AlertEvent.parse(JSON.parse(body));
        received.push({ id: String(request.headers["webhook-id"]), receivedAt, body, event });
        response.writeHead(204).end();
      } catch (error) {
        forged.push(String(error));
        response.writeHead(401).end();
      }
      arrivals.dispatchEvent(new Event("arrival"));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;

  return {
    url: `http://127.0.0.1:${port}/alerts`,
    secret,
    received,
    forged,
    waitFor: async (count, timeoutMs = 20_000) => {
      const signal = AbortSignal.timeout(timeoutMs);
      while (received.length < count) {
        if (signal.aborted)
          throw new Error(`Only ${received.length} of ${count} webhooks came in ${timeoutMs} ms. ${forged.join(" ")}`);
        await Promise.race([once(arrivals, "arrival"), once(signal, "abort")]);
      }
      return [...received];
    },
    refuse: (times, status, headers = {}) => {
      refusal = { times, status, headers };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headersOf(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
