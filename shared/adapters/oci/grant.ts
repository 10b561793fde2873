import type { RegistryHost } from "../../domain/image-reference.ts";
import { Secret } from "../../domain/secret.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RegistryCredential, RegistryCredentials } from "../../ports/registry-credentials.ts";
import type { Challenge } from "./challenge.ts";
import { accessError } from "./endings.ts";
import type { Exchange } from "./exchange.ts";
import { requestToken } from "./token.ts";

/** What opens the registry, and for how long. */
export interface Grant {
  /** The Authorization header's whole value. */
  readonly authorization: Secret;
  readonly usableUntil: Date;
}

export interface GrantPorts {
  readonly credentials: RegistryCredentials;
  readonly clock: Clock;
  readonly exchange: Exchange;
}

/** Answers a registry's challenges with the credential for that registry. A token service is preferred to Basic. */
export async function obtainGrant(
  ports: GrantPorts,
  registry: RegistryHost,
  origin: URL,
  challenges: readonly Challenge[],
): Promise<Grant> {
  const now = ports.clock.now();
  const credential = await ports.credentials(registry);
  if (credential.kind === "bearer") {
    // fetch would refuse it with an error that shows it. A line break at the end of a secret's file is the usual reason.
    if (!/^[\x21-\x7e]+$/.test(credential.token.reveal()))
      throw accessError(`The token for ${registry} holds characters that cannot be sent`, now);
    return lastingGrant("Bearer", credential.token);
  }

  const basic = credential.kind === "basic" ? basicValue(credential) : undefined;
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer) {
    const realm = realmOf(bearer, origin);
    if (!realm) throw accessError(`${registry} names a token service that must not be used`, now);
    const { token, lifetimeSeconds } = await requestToken(ports, realm, basic && headerValue("Basic", basic));
    // Not to its last second: it has to arrive while it is still good.
    const usableUntil = new Date(now.getTime() + lifetimeSeconds * 900);
    return { authorization: headerValue("Bearer", token), usableUntil };
  }
  if (basic && challenges.some(({ scheme }) => scheme === "basic")) return lastingGrant("Basic", basic);
  throw accessError(`${registry} asks for a sign-in, and none that fits is configured`, now);
}

/**
 * The token protocol lets a registry name any host as its realm, and many do (auth.docker.io for registry-1.docker.io),
 * so the realm cannot be tied to the registry's host. The credential goes there because the registry, known by its
 * certificate, said so. Hence https for the realm of every https registry; that also keeps the request away from the
 * metadata services of clouds, which speak plain http.
 */
function realmOf({ parameters }: Challenge, origin: URL): URL | undefined {
  const realm = parameters.get("realm") ?? "";
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  // A longer name is none of DNS; it gets into messages.
  if (url.username !== "" || url.password !== "" || url.host.length > 260) return undefined;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && origin.protocol === "http:")) return undefined;
  const service = parameters.get("service");
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.delete("scope");
  for (const scope of parameters.get("scope")?.split(" ") ?? []) url.searchParams.append("scope", scope);
  return url;
}

function basicValue({ username, password }: RegistryCredential & { readonly kind: "basic" }): Secret {
  return new Secret(Buffer.from(`${username}:${password.reveal()}`).toString("base64"));
}

function lastingGrant(scheme: string, value: Secret): Grant {
  return { authorization: headerValue(scheme, value), usableUntil: new Date(8.64e15) };
}

function headerValue(scheme: string, value: Secret): Secret {
  return new Secret(`${scheme} ${value.reveal()}`);
}
