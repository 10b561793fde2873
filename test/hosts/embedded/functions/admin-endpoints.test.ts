import { beforeEach, describe, expect, it, vi } from "vitest";
import { names, runs } from "./fixtures/timer-runs.ts";
import { received } from "./fixtures/received-events.ts";
import { only, startHost } from "./start-host.ts";

const functions = async () => {
  await import("./fixtures/timer-functions.ts");
  await import("./fixtures/event-grid-functions.ts");
};
const appSettings = { ...only(names), Nightly: "0 0 3 * * *" };

beforeEach(() => {
  runs.length = 0;
  received.length = 0;
});

describe("the admin routes", () => {
  it.each(["/admin/functions", "/admin/functions/everyHour", "/admin/host/status", "/admin/anything"])(
    "%s need the master key",
    async (path) => {
      const { url, keys } = await startHost({ functions, appSettings });

      const without = await fetch(`${url}${path}`);
      const withDefault = await fetch(`${url}${path}`, { headers: { "x-functions-key": keys.default } });

      expect([without.status, withDefault.status]).toEqual([401, 401]);
    },
  );

  it("list the functions and one of them", async () => {
    const { url, keys, functions: summaries } = await startHost({ functions, appSettings });
    const headers = { "x-functions-key": keys.master };

    expect(await (await fetch(`${url}/admin/functions`, { headers })).json()).toEqual(summaries);
    expect(await (await fetch(`${url}/admin/functions/everyhour`, { headers })).json()).toMatchObject({
      name: "everyHour",
      trigger: "timer",
    });
  });

  it("tell the host's state", async () => {
    const { url, keys } = await startHost({ functions, appSettings });

    const response = await fetch(`${url}/admin/host/status?code=${keys.master}`);

    expect(await response.json()).toMatchObject({ state: "Running", version: "4.0.0" });
  });

  it("answer a ping without a key", async () => {
    const { url } = await startHost({ functions, appSettings });

    expect((await fetch(`${url}/admin/host/ping`)).status).toBe(200);
  });

  it("refuse other methods and unknown addresses", async () => {
    const { url, keys } = await startHost({ functions, appSettings });
    const headers = { "x-functions-key": keys.master };

    const statuses = await Promise.all([
      fetch(`${url}/admin/functions/everyHour`, { method: "DELETE", headers }),
      fetch(`${url}/admin/functions/nobody`, { method: "POST", headers }),
      fetch(`${url}/admin/functions/everyHour/status`, { headers }),
    ]);

    expect(statuses.map(({ status }) => status)).toEqual([405, 404, 404]);
  });
});

describe("POST /admin/functions/{name}", () => {
  const run = async (name: string, body: string, expected: number) => {
    const { url, keys } = await startHost({ functions, appSettings });
    const headers = { "x-functions-key": keys.master, "content-type": "application/json" };
    const response = await fetch(`${url}/admin/functions/${name}`, { method: "POST", headers, body });
    expect(response.status).toBe(expected);
  };

  it("runs a timer now, also one that is disabled, and answers 202 as in Azure", async () => {
    await run("everyHour", "{}", 202);

    await vi.waitFor(() => expect(runs).toMatchObject([{ name: "everyHour", timer: { isPastDue: false } }]));
  });

  it("takes an empty body", async () => {
    await run("everyHour", "", 202);

    await vi.waitFor(() => expect(runs).toHaveLength(1));
  });

  it("answers 202 although the function fails", async () => {
    await run("failing", "{}", 202);

    await vi.waitFor(() => expect(runs).toHaveLength(1));
  });

  it.each([
    ["an object", { input: { id: "1" } }],
    ["text that is JSON", { input: '{"id":"1"}' }],
  ])("passes the input: %s", async (_, body) => {
    await run("receiveEvent", JSON.stringify(body), 202);

    await vi.waitFor(() => expect(received).toMatchObject([{ event: { id: "1" } }]));
  });

  it.each(["{", "[]", '"text"'])("refuses the body %s", async (body) => {
    await run("everyHour", body, 400);

    expect(runs).toEqual([]);
  });
});
