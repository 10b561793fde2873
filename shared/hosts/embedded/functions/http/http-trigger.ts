import { randomUUID } from "node:crypto";
import { printable } from "../../../../domain/printable.ts";
import type { FunctionInvoker } from "../function-invoker.ts";
import type { KeyStore } from "../key-store.ts";
import type { HttpTrigger, RegisteredFunction } from "../registered-function.ts";
import type { RpcHttpData, RpcTypedData } from "../rpc.ts";
import { jsonAnswer, methodNotAllowed, problem, type HttpAnswer, type HttpCall } from "./http-answer.ts";
import { presentedKey, unauthorized } from "./presented-key.ts";
import { routeTable } from "./route-table.ts";
import { formatSetCookie } from "./set-cookie.ts";

/** Answers a request from the function whose route fits. */
export function httpTrigger(options: {
  readonly functions: readonly RegisteredFunction<HttpTrigger>[];
  readonly routePrefix: string;
  readonly invoker: FunctionInvoker;
  readonly keys: KeyStore;
}): (call: HttpCall) => Promise<HttpAnswer> {
  const { invoker, keys } = options;
  const find = routeTable(options.functions, options.routePrefix);

  return async (call) => {
    let match;
    try {
      match = find(call.method, call.path);
    } catch (error) {
      if (error instanceof URIError) return problem(400, "Bad Request", { detail: "The path cannot be decoded." });
      throw error;
    }
    if (match.kind === "notFound")
      return problem(404, "Not Found", { detail: `Nothing is served at ${printable(call.path, 150)}.` });
    if (match.kind === "methodNotAllowed") return methodNotAllowed(match.allow.join(", "));
    const { called, params } = match;
    const { authLevel } = called.trigger;
    if (authLevel !== "anonymous" && !keys.opens(presentedKey(call), authLevel)) return unauthorized();

    const data = await toRpcRequest(call, called, params);
    const invocationId = randomUUID();
    try {
      return toAnswer(await invoker.invoke(called, { invocationId, data, trace: call.headers }));
    } catch {
      return problem(500, "Internal Server Error", { invocationId });
    }
  };
}

async function toRpcRequest(
  call: HttpCall,
  called: RegisteredFunction<HttpTrigger>,
  params: Readonly<Record<string, string>>,
): Promise<RpcTypedData> {
  const query: Record<string, { value: string }> = {};
  for (const name of call.query.keys()) query[name] ??= { value: call.query.getAll(name).join(",") };
  const http: RpcHttpData = {
    method: called.trigger.methods.includes(call.method) ? call.method : "GET",
    url: call.url,
    headers: call.headers,
    params,
    nullableQuery: query,
    body: { bytes: await call.readBody() },
  };
  return { http };
}

/** A function that returns nothing is answered 204, as in Azure. */
function toAnswer(result: RpcTypedData | null | undefined): HttpAnswer {
  if (result === null || result === undefined) return { status: 204 };
  const { http } = result;
  if (http === undefined) return jsonAnswer(200, result);
  const cookies = (http.cookies ?? []).map(formatSetCookie);
  return {
    status: Number(http.statusCode ?? 200),
    headers: { ...http.headers, ...(cookies.length > 0 && { "set-cookie": cookies }) },
    body: http.body?.bytes ?? "",
  };
}
