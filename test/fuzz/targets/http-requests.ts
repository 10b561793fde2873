import * as z from "zod";
import { jsonOf } from "../corpus/fixtures.ts";
import { httpRequests, httpText, withoutPlaceholders, type HttpRequest } from "../corpus/http-requests.ts";
import type { FuzzTarget } from "../fuzz-target.ts";
import { openFunctionsWorld } from "../world/functions-world.ts";
import { judgeAnswer } from "../world/judge-answer.ts";
import { sendBytes } from "../world/send-bytes.ts";

export const target: FuzzTarget = {
  about: "requests to the API, the Event Grid webhook and the admin routes, each one valid HTTP, over real sockets",
  format: "json",
  tokens: ["%00", "%2f", "?", "&", "..", "code="],
  open: async () => {
    const world = await openFunctionsWorld();
    return {
      corpus: httpRequests().map((request) => JSON.stringify(request)),
      run: async (input) => {
        const text = withoutPlaceholders(Buffer.from(input).toString(), world);
        const request = Request.parse(jsonOf(Buffer.from(text))?.value ?? { ...post, body: text });
        const answer = await sendBytes(world.port, Buffer.from(httpText(asSent(request))), 10_000);
        if (answer.byteLength === 0) throw new Error("There is no answer.");
        return judgeAnswer(answer, world.errors());
      },
      close: async () => world[Symbol.asyncDispose](),
    };
  },
};

const post = { method: "POST", target: "/api/scans", headers: { "content-type": "application/json" } };

const Request = z
  .object({
    method: z.string().catch("GET"),
    target: z.string().catch("/api/images"),
    headers: z.record(z.string(), z.string().catch("")).catch({}),
    body: z.unknown(),
  })
  .catch({ ...post, body: "" });

/** Without what would make it another request, or none. Header section and target are kept to what the server takes. */
function asSent({ method, target, headers, body }: z.output<typeof Request>): HttpRequest {
  const verb = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].find((each) => each === method) ?? "GET";
  return {
    method: verb,
    target: `/${encodeURI(target.toWellFormed()).replace(/^\/+/, "").replaceAll("%25", "%")}`.slice(0, 4000),
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => {
        const sent = value.replaceAll(/[^\t\x20-\x7e]/g, "").slice(0, 2000);
        return /^[\w-]{1,100}$/.test(name) && !reserved.test(name) ? [[name, sent] as const] : [];
      }),
    ),
    body: body === undefined ? "" : body,
  };
}

/** Headers about the message itself are for the target that sends any bytes. */
const reserved = /^(?:host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer)$/i;
