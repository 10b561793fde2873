import * as z from "zod";

import { Secret } from "../../domain/secret.ts";
import type { Clock } from "../../ports/clock.ts";
import { accessError, parseAnswer, requireStatement } from "./endings.ts";
import type { Exchange } from "./exchange.ts";
import { JSON_ACCEPT } from "./media-types.ts";

const MAX_TOKEN_BYTES = 64 * 1024;

/** Spoken of in the token specification: a service that does not say how long its token lives means one minute. */
const DEFAULT_LIFETIME_SECONDS = 60;
const LONGEST_LIFETIME_SECONDS = 60 * 60;

// Printable ASCII: anything else cannot be sent, and the error about it would show the token.
const tokenText = z.string().regex(/^[\x21-\x7e]+$/);
const tokenAnswer = z.object({
  token: tokenText.optional(),
  access_token: tokenText.optional(),
  expires_in: z.number().positive().optional(),
});

/** Asks a token service (distribution specification, "Token Authentication"). Redirects are not followed. */
export async function requestToken(
  { clock, exchange }: { readonly clock: Clock; readonly exchange: Exchange },
  realm: URL,
  authorization: Secret | undefined,
): Promise<{ readonly token: Secret; readonly lifetimeSeconds: number }> {
  const answer = requireStatement(
    await exchange({
      method: "GET",
      url: realm,
      accept: JSON_ACCEPT,
      authorization,
      maxBytes: MAX_TOKEN_BYTES,
      maxRedirects: 0,
    }),
    clock.now(),
  );
  if (answer.status !== 200)
    throw accessError(`The token service ${realm.host} answered ${answer.status}`, clock.now());
  const {
    access_token,
    token = access_token,
    expires_in = DEFAULT_LIFETIME_SECONDS,
  } = parseAnswer(answer, tokenAnswer);
  if (token === undefined) throw accessError(`The token service ${realm.host} sent no token`, clock.now());
  return { token: new Secret(token), lifetimeSeconds: Math.min(expires_in, LONGEST_LIFETIME_SECONDS) };
}
