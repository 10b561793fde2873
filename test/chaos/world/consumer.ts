import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { readContent } from "../../support/registry/registry-exchange.ts";

/** A subscriber that remembers ids, as docs/events.md asks of it: what comes again under an id is not looked at again. */
export interface Consumer extends AsyncDisposable {
  readonly url: string;
  readonly secret: string;
  readonly behave: (behaviour: ConsumerBehaviour) => void;
  /** By id, in the order of their first arrival. */
  readonly told: ReadonlyMap<string, ToldAlert>;
  /** What no subscriber should ever get: a wrong signature, or another body under a known id. */
  readonly complaints: readonly string[];
}

export type ConsumerBehaviour =
  | "takes"
  /** 503 to everything. */
  | "refuses"
  /** 410 to everything: what comes then is given up at once, and becomes a dead letter. */
  | "wants-no-more"
  | "takes-slowly"
  /** It takes the alert, and then the connection breaks. */
  | "loses-answers";

export type ToldFinding = z.infer<typeof ToldFinding>;

const ToldFinding = z.looseObject({
  vulnerabilityId: z.string(),
  change: z.string(),
  severity: z.string(),
  fixedVersion: z.string().optional(),
  platforms: z.array(z.string()).optional(),
});

const Scan = z.looseObject({ scannedAt: z.string(), database: z.looseObject({ updatedAt: z.string() }) });

export type ToldAlert = z.infer<typeof ToldAlert>;

const ToldAlert = z.looseObject({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  time: z.string(),
  data: z.looseObject({
    cause: z.string().optional(),
    scan: Scan.optional(),
    findings: z.array(ToldFinding).optional(),
    platforms: z.array(z.looseObject({ digest: z.string(), platform: z.string().optional(), scan: Scan })).optional(),
    exemption: z.looseObject({ id: z.string(), until: z.string().optional() }).optional(),
  }),
});

export async function startConsumer(): Promise<Consumer> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const webhook = new Webhook(secret);
  const bodies = new Map<string, string>();
  const told = new Map<string, ToldAlert>();
  const complaints: string[] = [];
  let behaviour: ConsumerBehaviour = "takes";

  const take = (request: IncomingMessage, body: string): boolean => {
    const [id, at, signature] = ["id", "timestamp", "signature"].map((name) =>
      String(request.headers[`webhook-${name}`]),
    );
    // Compared, not verified: the clock of the sender is ahead by hours, which a subscriber would refuse.
    if (id === undefined || webhook.sign(id, new Date(Number(at) * 1000), body) !== signature) {
      complaints.push(`A webhook was not signed with the secret: ${body.slice(0, 200)}`);
      return false;
    }
    const known = bodies.get(id);
    if (known !== undefined && known !== body)
      complaints.push(`Two bodies came under the id ${id}:\n  ${known.slice(0, 1500)}\n  ${body.slice(0, 1500)}`);
    bodies.set(id, body);
    if (known === undefined) told.set(id, ToldAlert.parse(JSON.parse(body)));
    return true;
  };

  const server = createServer((request, response) => {
    void readContent(request, 1024 * 1024).then(
      async (content) => {
        if (behaviour === "refuses") return response.writeHead(503).end();
        if (behaviour === "wants-no-more") return response.writeHead(410).end();
        const slow = behaviour === "takes-slowly";
        const lost = behaviour === "loses-answers";
        const taken = take(request, content.toString());
        if (slow) await setTimeout(300);
        if (lost) return response.destroy();
        return response.writeHead(taken ? 204 : 401).end();
      },
      // The sender was killed before it had sent everything.
      () => response.destroy(),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    secret,
    told,
    complaints,
    behave: (next) => void (behaviour = next),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
