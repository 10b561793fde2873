import { blobRoutes } from "./blob-routes.ts";
import { listingRoutes } from "./listing-routes.ts";
import { manifestRoutes } from "./manifest-routes.ts";
import type { RegistryAuthorization } from "./registry-authorization.ts";
import type { RegistryContent } from "./registry-content.ts";
import { RegistryProblem, sendJson, type RegistryExchange } from "./registry-exchange.ts";
import type { Notifications } from "./registry-notifications.ts";
import { uploadRoutes } from "./upload-routes.ts";

export interface RegistryParts {
  readonly content: RegistryContent;
  readonly notifications: Notifications;
  readonly authorization: RegistryAuthorization;
  readonly pageSize: number;
  readonly referrersApi: boolean;
}

/** `path` captures the repository and then the reference, where there are any. */
export interface RegistryRoute {
  readonly methods: readonly string[];
  readonly path: RegExp;
  readonly action: "pull" | "push" | "delete" | "catalog" | "ping" | "none";
  readonly handle: (exchange: RegistryExchange, repository: string, reference: string) => void | Promise<void>;
}

/** Answers one request or throws what to answer. */
export function registryRoutes(parts: RegistryParts): (exchange: RegistryExchange) => Promise<void> {
  const routes: readonly RegistryRoute[] = [
    ...uploadRoutes(parts),
    ...blobRoutes(parts),
    ...manifestRoutes(parts),
    ...listingRoutes(parts),
    { methods: ["GET"], path: /^\/v2\/$/, action: "ping", handle: (exchange) => sendJson(exchange, {}) },
    { methods: ["GET"], path: /^\/token$/, action: "none", handle: parts.authorization.issueToken },
  ];

  return async (exchange) => {
    const { method = "" } = exchange.request;
    const found = routes.filter(({ path }) => path.test(exchange.url.pathname));
    const route = found.find(({ methods }) => methods.includes(method));
    if (!route) throw new RegistryProblem(found.length > 0 ? 405 : 404, "UNSUPPORTED");
    const [, repository = "", reference = ""] = route.path.exec(exchange.url.pathname) ?? [];
    const scope = scopeOf(route.action, repository);
    if (scope !== undefined) parts.authorization.require(exchange, scope);
    await route.handle(exchange, repository, reference);
  };
}

function scopeOf(action: RegistryRoute["action"], repository: string): string | undefined {
  if (action === "none") return undefined;
  if (action === "ping") return "";
  return action === "catalog" ? "registry:catalog:*" : `repository:${repository}:${action}`;
}
