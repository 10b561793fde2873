import { expect, it } from "vitest";
import { provideHost } from "../../shared/hosts/current-host.ts";
import { problem } from "./problem-answer.ts";
import { startApi } from "./start-api.ts";

it.each([
  "images",
  "images/x",
  "images/x/findings",
  "images/x/history",
  "images/x/history/y",
  `images/x/changes?since=${"0".repeat(32)}`,
  "tags?registry=shop.azurecr.io&repository=shop/web&tag=1.0",
  "vulnerabilities/CVE-2026-1/images",
  "coverage",
])("GET /api/%s asks for a key, knows no other method, and answers HEAD like GET without the body", async (route) => {
  const api = await startApi();
  const address = `${api.url}/api/${route}`;

  const withoutKey = await fetch(address);
  const wrongKey = await fetch(address, { headers: { "x-functions-key": `${api.key}x` } });
  const deleted = await api.call(`/api/${route}`, { method: "DELETE" });
  const get = await api.call(`/api/${route}`);
  const head = await api.call(`/api/${route}`, { method: "HEAD" });

  expect((await problem(withoutKey))[0]).toBe(401);
  expect((await problem(wrongKey))[0]).toBe(401);
  expect([deleted.status, deleted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
    get.status,
    get.headers.get("content-length"),
    "",
  ]);
});

it.each(["scans", "coverage/walks"])("POST /api/%s asks for a key", async (route) => {
  const api = await startApi();

  const withoutKey = await fetch(`${api.url}/api/${route}`, { method: "POST", body: "{}" });

  expect((await problem(withoutKey))[0]).toBe(401);
});

it("GET /api/health asks for no key, and is no longer up when the functions have nothing to work with", async () => {
  const api = await startApi();

  const up = await fetch(`${api.url}/api/health`);
  provideHost(undefined);
  const down = await fetch(`${api.url}/api/health`);

  expect([up.status, await up.json()]).toEqual([200, { status: "up", exemptionProblems: 0 }]);
  expect(down.status).toBe(500);
  expect(await down.text()).not.toMatch(/host|npm|stack/);
});

it("GET /api/health counts what is wrong with files of exemptions, and names no file", async () => {
  const now = { exemptions: [], problems: ["/etc/tidewatch/a.yaml:3: it is not YAML (BAD_INDENT)"] };
  const api = await startApi({ exemptionFiles: { current: async () => now } });

  const health = await fetch(`${api.url}/api/health`);

  expect([health.status, await health.json()]).toEqual([200, { status: "up", exemptionProblems: 1 }]);
});

it("what is not there, and what cannot be decoded, is a problem too", async () => {
  const api = await startApi();

  expect(await problemOf("/api/nothing")).toEqual([404, "Not Found", "Nothing is served at /api/nothing."]);
  expect(await problemOf("/api/images/%zz")).toEqual([400, "Bad Request", "The path cannot be decoded."]);

  async function problemOf(path: string) {
    return problem(await api.call(path));
  }
});
