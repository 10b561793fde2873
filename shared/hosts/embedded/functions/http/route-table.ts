import type { HttpTrigger, RegisteredFunction } from "../registered-function.ts";
import { parseRouteTemplate, pathSegments } from "./route-template.ts";

export type RouteMatch =
  | {
      readonly kind: "found";
      readonly called: RegisteredFunction<HttpTrigger>;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: "notFound" }
  | { readonly kind: "methodNotAllowed"; readonly allow: readonly string[] };

/** Literal segments win over parameters, parameters over a rest. HEAD is answered by a GET function. */
export function routeTable(
  functions: readonly RegisteredFunction<HttpTrigger>[],
  routePrefix: string,
): (method: string, path: string) => RouteMatch {
  const routes = functions
    .map((called) => ({ called, template: parseRouteTemplate(`${routePrefix}/${called.trigger.route}`) }))
    .sort((a, b) => a.template.precedence.localeCompare(b.template.precedence));

  const taken = new Map<string, string>();
  for (const { called, template } of routes) {
    for (const method of called.trigger.methods) {
      const address = `${method} ${template.shape}`;
      const other = taken.get(address);
      if (other !== undefined) throw new DuplicateRouteError(called.name, other, address);
      taken.set(address, called.name);
    }
  }

  return (method, path) => {
    const segments = pathSegments(path);
    const allowed = new Set<string>();
    for (const { called, template } of routes) {
      const params = template.match(segments);
      if (params === undefined) continue;
      const methods = called.trigger.methods;
      if (methods.includes(method)) return { kind: "found", called, params };
      if (method === "HEAD" && methods.includes("GET")) return { kind: "found", called, params };
      for (const each of methods) allowed.add(each);
      if (allowed.has("GET")) allowed.add("HEAD");
    }
    return allowed.size === 0 ? { kind: "notFound" } : { kind: "methodNotAllowed", allow: [...allowed].sort() };
  };
}

export class DuplicateRouteError extends Error {
  override name = "DuplicateRouteError";

  constructor(functionName: string, otherName: string, address: string) {
    super(`The functions ${otherName} and ${functionName} are both registered for ${address}.`);
  }
}
