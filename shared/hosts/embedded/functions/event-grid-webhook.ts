import { randomUUID } from "node:crypto";
import { printable } from "../../../domain/printable.ts";
import { parseEventGridRequest } from "./event-grid-request.ts";
import type { FunctionInvoker } from "./function-invoker.ts";
import { jsonAnswer, methodNotAllowed, problem, type HttpAnswer, type HttpCall } from "./http/http-answer.ts";
import { presentedKey, unauthorized } from "./http/presented-key.ts";
import type { KeyStore } from "./key-store.ts";
import type { EventGridTrigger, RegisteredFunction } from "./registered-function.ts";

export const eventGridPath = "/runtime/webhooks/eventgrid";

/**
 * The address Event Grid delivers to. One call of the function per event, all events of a request at the same time up
 * to a limit; when one fails the answer is 500 and the sender sends all of them again. That, the status codes and the
 * handshakes are those of the real extension (HttpRequestProcessor.cs of azure-sdk-for-net), except that senders
 * other than Event Grid may leave out `aeg-event-type`.
 */
export function eventGridWebhook(options: {
  readonly functions: readonly RegisteredFunction<EventGridTrigger>[];
  readonly invoker: FunctionInvoker;
  readonly keys: KeyStore;
}): (call: HttpCall) => Promise<HttpAnswer> {
  const { invoker, keys } = options;
  const functions = new Map(options.functions.map((each) => [each.name.toLowerCase(), each]));

  const deliver = async (called: RegisteredFunction, events: readonly object[], call: HttpCall) => {
    const queue = events.values();
    let failedId: string | undefined;
    const deliverSome = async () => {
      for (const event of queue) {
        const invocationId = randomUUID();
        try {
          const trace = "traceparent" in event ? event : call.headers;
          await invoker.invoke(called, { invocationId, data: { json: JSON.stringify(event) }, trace });
        } catch {
          failedId = invocationId;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(events.length, concurrentCalls) }, deliverSome));
    return failedId;
  };

  return async (call) => {
    if (!keys.opens(presentedKey(call), "webhook")) return unauthorized();
    const name = call.query.get("functionName") ?? "";
    const called = functions.get(name.toLowerCase());
    if (called === undefined)
      return problem(404, "Not Found", { detail: `There is no Event Grid function ${printable(name)}.` });
    if (call.method === "OPTIONS") return cloudEventsHandshake(call);
    if (call.method !== "POST") return methodNotAllowed("OPTIONS, POST");

    const request = parseEventGridRequest(call.headers, await call.readBody());
    switch (request.kind) {
      case "invalid":
        return problem(request.status, request.title, { detail: request.detail });
      case "validation":
        return jsonAnswer(200, { validationResponse: request.validationCode });
      case "unsubscribed":
        return { status: 202 };
      case "events": {
        const failedId = await deliver(called, request.events, call);
        return failedId === undefined
          ? { status: 202 }
          : problem(500, "Internal Server Error", { invocationId: failedId });
      }
    }
  };
}

/** More would only take memory: a function spends its time waiting for the broker or the database. */
const concurrentCalls = 100;

/** CloudEvents abuse protection, github.com/cloudevents/spec, http-webhook.md §4. */
function cloudEventsHandshake(call: HttpCall): HttpAnswer {
  const origin = call.headers["webhook-request-origin"];
  if (origin === undefined) return problem(400, "Bad Request", { detail: "WebHook-Request-Origin is missing." });
  return {
    status: 200,
    headers: { "webhook-allowed-origin": origin, "webhook-allowed-rate": "*", allow: "OPTIONS, POST" },
  };
}
