import type { RegistryHost } from "../../domain/image-reference.ts";
import type { Secret } from "../../domain/secret.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RegistryCredentials } from "../../ports/registry-credentials.ts";
import { parseChallenges } from "./challenge.ts";
import { requireStatement } from "./endings.ts";
import { httpExchange, type Answer } from "./exchange.ts";
import { obtainGrant } from "./grant.ts";
import { rememberedGrants } from "./grants.ts";
import { registryOrigin } from "./registry-address.ts";

export interface OciClientOptions {
  readonly credentials: RegistryCredentials;
  readonly clock: Clock;
  /** `tidewatch/1.2.3`. Pulls under this name are not counted as use of an image. */
  readonly userAgent: string;
  /** Registries that are spoken to in plain http: `localhost:5000`, or `localhost` for each of its ports. None otherwise. */
  readonly insecureRegistries?: readonly string[];
  /** For one request with its redirects and its body. */
  readonly timeoutSeconds?: number;
}

export interface RegistryRequest {
  readonly registry: RegistryHost;
  readonly method: "GET" | "HEAD";
  /** Relative to the registry: `/v2/…`. */
  readonly path: string;
  readonly accept: string;
  /** Requests of equal purpose share a token: `pull team/web`. */
  readonly purpose: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Signs in where asked to. Resolves to what the registry states about the content; every other ending is thrown. */
export type AskRegistry = (request: RegistryRequest) => Promise<Answer>;

const MAX_REDIRECTS = 5;

export function registryRequests(options: OciClientOptions): AskRegistry {
  const { credentials, clock, userAgent, insecureRegistries = [], timeoutSeconds = 30 } = options;
  const exchange = httpExchange({ userAgent, timeoutSeconds });
  const grants = rememberedGrants(clock.now);

  return async ({ registry, path, purpose, signal, method, accept, maxBytes }) => {
    const origin = registryOrigin(registry, insecureRegistries);
    const key = `${registry} ${purpose}`;
    const send = (authorization?: Secret) =>
      exchange(
        { method, url: new URL(path, origin), accept, authorization, maxBytes, maxRedirects: MAX_REDIRECTS },
        signal,
      );

    const held = grants.current(key);
    const answer = await send(held?.authorization);
    if (answer.status !== 401 || !answer.fromOrigin) return requireStatement(answer, clock.now());

    const challenges = parseChallenges(answer.headers.get("www-authenticate"));
    const grant = await grants.renew(
      key,
      held,
      () => obtainGrant({ credentials, clock, exchange }, registry, origin, challenges),
      signal,
    );
    return requireStatement(await send(grant.authorization), clock.now());
  };
}
