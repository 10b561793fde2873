import { describe, expect, it } from "vitest";
import { aDigest } from "../support/samples.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

describe("POST /api/scans", () => {
  it("queues the scan of a tag's image and says where to look", async () => {
    const api = await startApi();
    const { host, url } = api.workshop.registry;
    const { digest } = await push(url, "shop/web", await alpineImage(), { tags: ["1.0"] });

    const asked = await ask(api, { image: `${host}/shop/web:1.0` });
    const before: unknown = await (await api.call(asked.headers.get("location") ?? "")).json();
    const ended = await api.workshop.work();
    const after: unknown = await (await api.call(asked.headers.get("location") ?? "")).json();

    expect(asked.status).toBe(202);
    expect(before).toMatchObject({ ...(await json(asked)), digest, tags: ["1.0"], state: { kind: "waiting" } });
    expect(ended).toMatchObject([{ kind: "scanned" }]);
    expect(after).toMatchObject({ state: { kind: "scanned" }, scan: { reason: "asked" } });
  });

  it("takes a digest without asking the registry", async () => {
    const api = await startApi();
    const { host, requests } = api.workshop.registry;

    const asked = await ask(api, { image: `${host}/shop/web@${aDigest()}` });

    expect([asked.status, requests.all()]).toEqual([202, []]);
  });

  it("answers 404 where the registry knows no such tag, and puts nothing on record", async () => {
    const api = await startApi();

    const asked = await ask(api, { image: `${api.workshop.registry.host}/shop/web:2.0` });

    expect(await problem(asked)).toEqual([404, "Not Found", "The registry knows no such tag."]);
    expect(await json(await api.call("/api/images"))).toEqual({ items: [] });
  });

  it("refuses a registry that is not in the settings", async () => {
    const api = await startApi();

    const asked = await ask(api, { image: "other.example/shop/web:1.0" });

    expect(await problem(asked)).toEqual([
      400,
      "Bad Request",
      "Its registry is not among the registries in the settings.",
    ]);
  });

  it.each([
    ["{", "Not a request body: it is not JSON."],
    ["", "Not a request body: it is not JSON."],
    ["{}", "Not a scan request: image: expected registry/repository:tag or registry/repository@sha256:…."],
    ['{"image":"ubuntu"}', expect.stringContaining("image: expected registry/repository:tag")],
    ['{"image":"a.io/web"}', expect.stringContaining("name a tag or a digest")],
    ['{"image":"a.io/web:1 --help"}', expect.stringContaining("tag: expected a tag such as 1.4.2")],
  ])("refuses %s, and says what it expects", async (body, detail) => {
    const api = await startApi();

    const asked = await api.call("/api/scans", { method: "POST", body });

    expect(await problem(asked)).toEqual([400, "Bad Request", detail]);
  });

  it("answers 503 while the registry is slow or down, with the time that it asks for", async () => {
    const api = await startApi();
    const { faults } = api.workshop.registry;
    faults.add({ path: /manifests/, fault: { kind: "answer", status: 429, headers: { "retry-after": "30" } } });

    const asked = await ask(api, { image: `${api.workshop.registry.host}/shop/web:1.0` });
    const [status, , detail] = await problem(asked);

    expect([status, detail]).toEqual([503, expect.stringMatching(/answered 429/)]);
    const retryAt = new Date(asked.headers.get("retry-after") ?? "");
    expect(retryAt.getTime() - api.workshop.clock.now().getTime()).toBeCloseTo(30_000, -4);
  });

  it.each([
    [401, /asks for a sign-in, and none that fits is configured/],
    [418, /refused the request/],
  ])("answers 502 when the registry says %i", async (status, detail) => {
    const api = await startApi();
    api.workshop.registry.faults.add({ path: /manifests/, fault: { kind: "answer", status } });

    const asked = await ask(api, { image: `${api.workshop.registry.host}/shop/web:1.0` });

    expect(await problem(asked)).toEqual([502, "Bad Gateway", expect.stringMatching(detail)]);
  });
});

function ask(api: Api, question: object): Promise<Response> {
  return api.call("/api/scans", { method: "POST", body: JSON.stringify(question) });
}

async function json(answer: Response): Promise<object> {
  const body: unknown = await answer.json();
  if (typeof body !== "object" || body === null) throw new Error("Not an object.");
  return body;
}
