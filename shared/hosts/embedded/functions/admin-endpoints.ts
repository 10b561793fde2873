import type { Log } from "../../../ports/log.ts";
import { errorFields } from "./function-invoker.ts";
import type { FunctionsHost, FunctionSummary } from "./functions-host.ts";
import { jsonAnswer, methodNotAllowed, problem, type HttpAnswer, type HttpCall } from "./http/http-answer.ts";
import { presentedKey, unauthorized } from "./http/presented-key.ts";
import type { KeyStore } from "./key-store.ts";

export const adminPath = "/admin/";

/** What the Functions host serves to operators below /admin, with the master key; ping needs none. */
export function adminEndpoints(options: {
  readonly functions: readonly FunctionSummary[];
  readonly invoke: FunctionsHost["invoke"];
  readonly keys: KeyStore;
  readonly log: Log;
}): (call: HttpCall) => Promise<HttpAnswer> {
  const { functions, keys, log } = options;

  const runNow = async (summary: FunctionSummary, call: HttpCall): Promise<HttpAnswer> => {
    if (summary.trigger === "http") {
      return problem(400, "Bad Request", { detail: `${summary.name} is an HTTP function: call ${summary.source}.` });
    }
    const input = parseInput(await call.readBody());
    if (input === undefined) return problem(400, "Bad Request", { detail: 'Send a JSON object like {"input": …}.' });
    log.info("A function is run on request", { function: summary.name });
    options.invoke(summary.name, input.value).catch((error: unknown) => {
      log.debug("A function run on request has failed", { function: summary.name, ...errorFields(error) });
    });
    return { status: 202 };
  };

  return async (call) => {
    const [section, name, ...more] = call.path.slice(adminPath.length).split("/");
    const address = `${section ?? ""}/${name ?? ""}`.toLowerCase();
    if (address === "host/ping" && more.length === 0) return { status: 200 };
    if (!keys.opens(presentedKey(call), "admin")) return unauthorized();
    if (more.length > 0) return nothingHere();
    if (address === "host/status") return only(call, "GET", () => jsonAnswer(200, hostStatus()));
    if (address === "functions/") return only(call, "GET", () => jsonAnswer(200, functions));
    const summary = functions.find((each) => address === `functions/${each.name.toLowerCase()}`);
    if (summary === undefined) return nothingHere();
    if (call.method === "GET") return jsonAnswer(200, summary);
    return only(call, "POST", () => runNow(summary, call));
  };
}

const nothingHere = () =>
  problem(404, "Not Found", { detail: "There is no such function, and nothing else at this address." });

const only = (call: HttpCall, method: string, answer: () => HttpAnswer | Promise<HttpAnswer>) =>
  call.method === method ? answer() : methodNotAllowed(method);

const hostStatus = () => ({
  id: "embedded",
  state: "Running",
  version: "4.0.0",
  processUptime: Math.round(process.uptime() * 1000),
});

/** An empty body is an empty input, as in Azure. */
function parseInput(body: Uint8Array): { readonly value: unknown } | undefined {
  if (body.length === 0) return { value: undefined };
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    return { value: "input" in parsed ? parsed.input : undefined };
  } catch {
    return undefined;
  }
}
