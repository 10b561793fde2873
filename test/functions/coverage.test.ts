import { describe, expect, it } from "vitest";
import { parseRepository } from "../../shared/domain/image-reference.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { registryPusher } from "../support/registry/registry-pusher.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

const hour = 3_600_000;

describe("GET /api/coverage", () => {
  it("shows each registry in the settings, before its first walk, while it is walked, and after", async () => {
    const api = await startApi();
    const { host, url, faults } = api.workshop.registry;
    await push(url, "team/web", await alpineImage(), { tags: ["1.0"] });

    const before = await coverage(api);
    faults.add({ path: /tags/, times: 1, fault: { kind: "answer", status: 429, headers: { "retry-after": "60" } } });
    await api.workshop.host.reconcileRegistries();
    const during = await coverage(api);
    await api.workshop.clock.advance(hour);
    await api.workshop.host.reconcileRegistries();
    const after = await coverage(api);

    expect(before).toEqual({ items: [{ registry: host }] });
    expect(during).toMatchObject({ items: [{ walk: { phase: "discover", resumeAt: "2026-01-01T00:01:00.000Z" } }] });
    expect(after).toEqual({
      items: [
        {
          registry: host,
          report: {
            startedAt: "2026-01-01T00:00:00.000Z",
            finishedAt: "2026-01-01T01:00:00.000Z",
            repositories: { listed: 1, read: 1, leftOut: 0, vanished: 0, unreadable: 0 },
            tags: { listed: 1, read: 1, leftOut: 0, vanished: 0, unreadable: 0 },
            discovered: 1,
            manifests: { known: 1, states: { waiting: 1 }, missing: 0, unreadable: 0 },
            partial: [],
            byRepository: [
              { repository: "team/web", known: 1, states: { waiting: 1 }, missing: 0, unreadable: 0, discovered: 1 },
            ],
            otherRepositories: { repositories: 0, known: 0, states: {}, missing: 0, unreadable: 0, discovered: 0 },
            examples: [],
          },
        },
      ],
    });
  });

  it("shows an image as gone one walk after it was deleted without an event", async () => {
    const api = await startApi();
    const { workshop } = api;
    const { host, url } = workshop.registry;
    const { digest } = await push(url, "team/web", await alpineImage(), { tags: ["1.0"] });
    const image = { registry: host, repository: parseRepository("team/web"), digest };
    await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, occurredAt: workshop.clock.now() });
    await workshop.work();
    await registryPusher(url).deleteManifest("team/web", digest);

    await workshop.host.reconcileRegistries();
    const first = await coverage(api);
    await workshop.work();
    await workshop.clock.advance(24 * hour);
    await workshop.host.reconcileRegistries();

    expect(first).toMatchObject({ items: [{ report: { manifests: { states: { scanned: 1 }, missing: 1 } } }] });
    expect(await coverage(api)).toMatchObject({
      items: [{ report: { manifests: { states: { gone: 1 }, missing: 0 } } }],
    });
  });
});

describe("POST /api/coverage/walks", () => {
  it("begins a walk, also right after another, and lets one go on that is on its way", async () => {
    const api = await startApi();
    await api.workshop.host.reconcileRegistries();
    await api.workshop.clock.advance(hour);

    const first = await begin(api, "");
    const second = await begin(api, JSON.stringify({ registry: api.workshop.registry.host }));
    const walked = await api.workshop.host.reconcileRegistries();

    const startedAt = "2026-01-01T01:00:00.000Z";
    const registry = api.workshop.registry.host;
    expect([first.status, await first.json()]).toEqual([202, { items: [{ registry, startedAt, isNew: true }] }]);
    expect([second.status, await second.json()]).toEqual([202, { items: [{ registry, startedAt, isNew: false }] }]);
    expect(walked).toMatchObject([{ kind: "finished", report: { startedAt: new Date(startedAt) } }]);
  });

  it.each([
    ["{", "JSON"],
    ['{"registry":"a b"}', "registry"],
    ['{"registry":"elsewhere.example"}', "settings"],
    ['{"repository":"a"}', "repository"],
  ])("refuses %s", async (body, why) => {
    const api = await startApi();

    const [status, , detail] = await problem(await begin(api, body));

    expect(status).toBe(400);
    expect(detail).toContain(why);
  });
});

async function coverage(api: Api): Promise<unknown> {
  return (await api.call("/api/coverage")).json();
}

async function begin(api: Api, body: string): Promise<Response> {
  return api.call("/api/coverage/walks", { method: "POST", body });
}
