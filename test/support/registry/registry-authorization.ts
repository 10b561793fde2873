import { randomUUID } from "node:crypto";

import { RegistryProblem, sendJson, type RegistryExchange } from "./registry-exchange.ts";

export type RegistryAuth =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | {
      readonly kind: "token";
      readonly username: string;
      readonly password: string;
      /** 300 when absent. */
      readonly lifetimeSeconds?: number;
      /** Gives tokens for pulling to everybody. */
      readonly anonymousPull?: boolean;
    };

export interface RegistryAuthorization {
  /** Lets the request through and notes who it is from, or ends it with a challenge. No scope: any valid token will do. */
  readonly require: (exchange: RegistryExchange, scope: string) => void;
  readonly issueToken: (exchange: RegistryExchange) => Promise<void>;
  /** Tokens given out so far stop working, as when the registry changes its key. */
  readonly revokeTokens: () => void;
}

export function registryAuthorization(auth: RegistryAuth): RegistryAuthorization {
  const tokens = new Map<string, { actor: string | undefined; scopes: ReadonlySet<string>; expiresAt: number }>();

  return {
    require: (exchange, scope) => {
      if (auth.kind === "none") return;
      const { authorization = "" } = exchange.request.headers;
      if (auth.kind === "basic") {
        if (authorization !== basicHeader(auth)) throw unauthorized('Basic realm="registry"');
        exchange.actor = auth.username;
        return;
      }
      const token = tokens.get(authorization.replace(/^Bearer /, ""));
      if (!token || token.expiresAt <= Date.now() || (scope !== "" && !token.scopes.has(scope))) {
        const { origin, host } = exchange.url;
        const asked = scope === "" ? "" : `,scope="${scope}"`;
        throw unauthorized(`Bearer realm="${origin}/token",service="${host}"${asked}`);
      }
      exchange.actor = token.actor;
    },

    issueToken: async (exchange) => {
      if (auth.kind !== "token") throw new RegistryProblem(404, "UNSUPPORTED");
      const known = exchange.request.headers.authorization === basicHeader(auth);
      if (!known && (exchange.request.headers.authorization !== undefined || auth.anonymousPull !== true))
        throw unauthorized('Basic realm="token service"');
      const asked = exchange.url.searchParams.getAll("scope").flatMap(singleActions);
      const token = randomUUID();
      const { lifetimeSeconds = 300 } = auth;
      tokens.set(token, {
        actor: known ? auth.username : undefined,
        scopes: new Set(known ? asked : asked.filter((scope) => scope.endsWith(":pull"))),
        expiresAt: Date.now() + lifetimeSeconds * 1000,
      });
      await sendJson(exchange, { token, access_token: token, expires_in: lifetimeSeconds });
    },

    revokeTokens: () => tokens.clear(),
  };
}

function basicHeader({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function unauthorized(challenge: string): RegistryProblem {
  return new RegistryProblem(401, "UNAUTHORIZED", { "www-authenticate": challenge });
}

/** `repository:web:pull,push` means `repository:web:pull` and `repository:web:push`. */
function singleActions(scope: string): readonly string[] {
  const [, target = "", actions = ""] = /^(.*):([^:]*)$/.exec(scope) ?? [];
  return actions.split(",").map((action) => `${target}:${action}`);
}
