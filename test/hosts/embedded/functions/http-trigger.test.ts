import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { startHost } from "./start-host.ts";

const functions = () => import("./fixtures/http-functions.ts");

const echoed = z.object({
  name: z.string(),
  method: z.string(),
  url: z.string(),
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  header: z.string().nullable(),
  body: z.string(),
});

describe("a request to a function's route", () => {
  it("reaches the handler with method, url, parameters, query, headers and body", async () => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}/api/images/al%20pine?a=1&b=2&b=3`, {
      method: "PUT",
      headers: { "x-test": "seen" },
      body: "hello",
    });

    expect(response.status).toBe(200);
    expect(echoed.parse(await response.json())).toEqual({
      name: "images",
      method: "PUT",
      url: `${url}/api/images/al%20pine?a=1&b=2&b=3`,
      params: { name: "al pine" },
      query: { a: "1", b: "2,3" },
      header: "seen",
      body: "hello",
    });
  });

  it.each([
    ["a literal before a parameter", "/api/images/special", "special", {}],
    ["a constrained parameter before a free one", "/api/images/42", "imageByNumber", { id: "42" }],
    ["a free parameter for what the constraint refuses", "/api/images/4x", "images", { name: "4x" }],
    ["letters of either case", "/API/Images/Special", "special", {}],
    ["an optional parameter that is there", "/api/optional/x", "optional", { name: "x" }],
    ["an optional parameter that is missing", "/api/optional", "optional", {}],
    ["the rest of a path", "/api/files/a/b%2Fc/d", "rest", { rest: "a/b/c/d" }],
    ["the function's name when it has no route", "/api/unrouted", "unrouted", {}],
  ])("finds %s", async (_, path, name, params) => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}${path}`);

    expect(echoed.parse(await response.json())).toMatchObject({ name, params });
  });

  it("is served below the route prefix of host.json, which may be empty", async () => {
    const { url } = await startHost({
      functions,
      hostJson: { version: "2.0", extensions: { http: { routePrefix: "" } } },
    });

    expect((await fetch(`${url}/unrouted`)).status).toBe(200);
    expect((await fetch(`${url}/api/unrouted`)).status).toBe(404);
  });

  it("answers HEAD with the headers of GET and no body", async () => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}/api/images/x`, { method: "HEAD" });

    expect(response.status).toBe(200);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(0);
    expect(await response.text()).toBe("");
  });

  it("answers 204 when the function returns nothing", async () => {
    const { url } = await startHost({ functions });

    expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
  });

  it("passes status, headers, bytes and cookies back", async () => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}/api/cookies`);

    expect(response.status).toBe(201);
    expect(response.headers.get("x-made")).toBe("yes");
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
    expect(response.headers.getSetCookie()).toEqual([
      "a=1%202; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict",
      "b=2",
    ]);
  });

  it("adds the customHeaders of host.json", async () => {
    const { url } = await startHost({
      functions,
      hostJson: { version: "2.0", extensions: { http: { customHeaders: { "X-Content-Type-Options": "nosniff" } } } },
    });

    expect((await fetch(`${url}/api/nothing`)).headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("a request that cannot be served", () => {
  it("is answered 404 as problem+json when nothing has the route", async () => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}/api/missing`);

    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ title: "Not Found", status: 404 });
  });

  it("is answered 405 with Allow when the route has other methods", async () => {
    const { url } = await startHost({ functions });

    const response = await fetch(`${url}/api/images/x`, { method: "DELETE" });

    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, PUT");
  });

  it("is answered 400 when the path is not valid percent-encoding", async () => {
    const { url } = await startHost({ functions });

    expect((await fetch(`${url}/api/images/%ff`)).status).toBe(400);
  });

  it("is answered 500 with the invocation id, and the reason only in the log", async () => {
    const { url, logged } = await startHost({ functions });

    const response = await fetch(`${url}/api/broken`);
    const text = await response.text();

    expect(response.status).toBe(500);
    expect(text).not.toContain("hunter2");
    const { invocationId } = z.object({ invocationId: z.string() }).parse(JSON.parse(text));
    const error = "the database password is hunter2";
    expect(logged()).toContainEqual(
      expect.objectContaining({ level: "error", function: "broken", invocationId, error }),
    );
  });

  it("is answered 413 when its declared or its actual body is over 1 MB, without reading on", async () => {
    const { url } = await startHost({ functions });

    const declared = await fetch(`${url}/api/images/x`, { method: "PUT", body: Buffer.alloc(1_048_577) });
    const streamed = await sendChunked(`${url}/api/images/x`, 1_200_000);
    const allowed = await fetch(`${url}/api/images/x`, { method: "PUT", body: Buffer.alloc(1_048_576) });

    expect([declared.status, streamed, allowed.status]).toEqual([413, 413, 200]);
  });

  it("obeys Azure's setting for the body limit", async () => {
    const { url } = await startHost({ functions, appSettings: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: "10" } });

    expect((await fetch(`${url}/api/images/x`, { method: "PUT", body: "12345678901" })).status).toBe(413);
  });

  it("is answered 429 when more requests are in progress than host.json allows", async () => {
    const { url } = await startHost({
      functions,
      hostJson: { version: "2.0", extensions: { http: { maxOutstandingRequests: 1 } } },
    });

    const responses = await Promise.all([fetch(`${url}/api/slow`), fetch(`${url}/api/slow`)]);

    expect(responses.map(({ status }) => status).sort()).toEqual([200, 429]);
  });

  it("is cut off when its headers do not arrive in time", async () => {
    const { url } = await startHost({ functions, listen: { port: 0, headersTimeoutMs: 100 } });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");

    socket.write("GET /api/nothing HTTP/1.1\r\nHost: x\r\nX-Slow:");
    const answer: unknown[] = await once(socket, "data");

    expect(String(answer[0])).toContain("408");
    socket.destroy();
  });
});

describe("keys", () => {
  it.each([
    ["function", "/api/guarded", "default", 200],
    ["function", "/api/guarded", "master", 200],
    ["function", "/api/guarded", "eventgrid_extension", 401],
    ["admin", "/api/administer", "default", 401],
    ["admin", "/api/administer", "master", 200],
  ] as const)("at level %s, %s with the key %s is answered %i", async (_, path, key, status) => {
    const { url, keys } = await startHost({ functions });

    const byHeader = await fetch(`${url}${path}`, { headers: { "x-functions-key": keys[key] } });
    const byQuery = await fetch(`${url}${path}?code=${keys[key]}`);

    expect([byHeader.status, byQuery.status]).toEqual([status, status]);
  });

  it("are required: 401 as problem+json without one or with a wrong one", async () => {
    const { url } = await startHost({ functions });

    const without = await fetch(`${url}/api/guarded`);
    const wrong = await fetch(`${url}/api/guarded`, { headers: { "x-functions-key": "guess" } });

    expect([without.status, wrong.status]).toEqual([401, 401]);
    expect(without.headers.get("content-type")).toBe("application/problem+json");
  });
});

describe("an invocation's context", () => {
  it("writes to the host's log with function and invocation id", async () => {
    const { url, logged } = await startHost({ functions });

    const response = await fetch(`${url}/api/speaks`);
    const { invocationId } = z.object({ invocationId: z.string() }).parse(await response.json());

    const mine = logged().filter((line) => line["invocationId"] === invocationId && line["function"] === "speaks");
    expect(mine.map(({ level, message }) => [level, message])).toEqual([
      ["info", "said { n: 1 }"],
      ["warn", "warned"],
      ["error", "failed"],
      ["debug", "traced"],
      ["debug", "debugged"],
      ["debug", "Function succeeded"],
    ]);
  });

  it("carries a trace of its own, or a new span in the caller's", async () => {
    const { url } = await startHost({ functions });
    const caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    const shape = z.object({ trace: z.object({ traceParent: z.string(), traceState: z.string().optional() }) });

    const own = shape.parse(await (await fetch(`${url}/api/speaks`)).json());
    const headers = { traceparent: caller, tracestate: "a=b" };
    const continued = shape.parse(await (await fetch(`${url}/api/speaks`, { headers })).json());

    expect(own.trace.traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(continued.trace.traceParent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$/,
    );
    expect(continued.trace.traceState).toBe("a=b");
  });
});

/** Sends a body in chunks, without declaring its length, and resolves to the status of the answer. */
async function sendChunked(url: string, size: number): Promise<number | undefined> {
  const request = httpRequest(url, { method: "PUT" });
  const answered = new Promise<number | undefined>((resolve) => {
    request.on("response", (response) => resolve(response.statusCode));
  });
  request.on("error", () => undefined);
  request.write(Buffer.alloc(size));
  const status = await answered;
  request.destroy();
  return status;
}
