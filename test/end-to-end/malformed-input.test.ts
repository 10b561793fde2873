import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../support/registry/in-process-registry.ts";
import { aDigest } from "../support/samples.ts";
import { eventually } from "./eventually.ts";
import { quiet } from "./quiet.ts";
import { readImage, readImages } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { imageDeleted, imagePushed, postEvents, postEventText } from "./registry-events.ts";

let lab: Lab;
let stranger: InProcessRegistry;

beforeAll(async () => {
  lab = await startLab({ trivy: realTrivy(), advisories: foundation, notifying: false });
  stranger = await startInProcessRegistry();
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await stranger.close();
});

beforeEach(async () => {
  const { items } = await lab.tidewatch.host.listDeadLetters({}, { limit: 100 });
  for (const { id } of items) await lab.tidewatch.host.dropDeadLetter(id, { reason: "the next test begins" });
});

describe("malformed events of Azure", () => {
  it("bad JSON: 400 by the host, which Event Grid does not send again", async () => {
    const response = await postEventText(lab, '[{"id": "1", ');

    expect(response.status).toBe(400);
    expect(await deadLetters()).toEqual([]);
  });

  it.each([
    ["no target", { data: {} }, /data\.target/],
    ["a repository that leads elsewhere", target({ repository: "../../etc" }), /data\.target\.repository/],
    ["a digest that is an option", target({ repository: "shop/web", digest: "--output=/etc/passwd" }), /digest/],
    ["a tag with a command in it", target({ repository: "shop/web", tag: "1.0; rm -rf /" }), /tag/],
    ["neither tag nor digest", target({ repository: "shop/web" }), /neither digest nor tag/],
    ["no type", { eventType: undefined }, /neither eventType nor type/],
  ])("%s: set aside with the reason, and answered 2xx", async (_, change, detail) => {
    const event = { ...imagePushed(lab, { repository: "shop/web", digest: aDigest() }), ...change };

    const status = await postEvents(lab, [event]);

    expect(status).toBe(202);
    expect(await deadLetters()).toMatchObject([
      { source: "receiveRegistryEvent", reason: "invalid-event", body: JSON.stringify(event) },
    ]);
    expect((await deadLetters())[0]?.detail).toMatch(detail);
  });

  it("one bad event in a batch: the others are taken", async () => {
    const pushed = await push(lab.registry.url, "shop/batch", await alpineImage());

    const status = await postEvents(lab, [
      { eventType: "Microsoft.ContainerRegistry.ImagePushed" },
      imagePushed(lab, { repository: "shop/batch", digest: pushed.digest }),
      imageDeleted(lab, { repository: "shop/batch" }),
    ]);
    await quiet(lab);

    expect(status).toBe(202);
    expect(await readImage(lab, pushed)).toMatchObject({ state: { kind: "scanned" } });
    expect((await deadLetters()).map(({ reason }) => reason)).toEqual(["invalid-event", "invalid-event"]);
  });
});

describe("an unknown registry", () => {
  it("in an event of Azure: set aside, and the registry is never contacted", async () => {
    const { digest } = await push(stranger.url, "shop/web", await alpineImage(), { tags: ["1.0"] });
    stranger.requests.clear();

    const status = await postEvents(lab, [
      imagePushed(lab, { host: stranger.host, repository: "shop/web", digest, tag: "1.0" }),
      imagePushed(lab, { host: stranger.host, repository: "shop/web", tag: "1.0" }),
    ]);
    await quiet(lab);

    expect(status).toBe(202);
    expect(await deadLetters()).toMatchObject([{ reason: "unknown-registry" }, { reason: "unknown-registry" }]);
    expect((await deadLetters())[0]?.detail).toContain(stranger.host);
    expect(stranger.requests.all()).toEqual([]);
    expect(await readImages(lab, `registry=${stranger.host}`)).toEqual([]);
  });

  it("in a question: 400; in a scan request on the queue: not scanned; and the registry is never contacted", async () => {
    const { digest } = await push(stranger.url, "shop/web", await alpineImage(), { tags: ["1.0"] });
    stranger.requests.clear();
    const body = JSON.stringify({ image: `${stranger.host}/shop/web:1.0` });
    const request = {
      image: { registry: stranger.host, repository: "shop/web", digest },
      reason: "pushed",
      requestedAt: new Date(),
      attempt: 1,
    };

    const { status } = await lab.call("/api/scans", { method: "POST", body });
    await lab.tidewatch.broker.send("scan-requests", [{ body: JSON.stringify(request), contentType: json }]);
    await quiet(lab);

    expect(status).toBe(400);
    expect(stranger.requests.all()).toEqual([]);
    expect(await readImages(lab, `registry=${stranger.host}`)).toEqual([]);
  });

  it("in a registry's notification: set aside, and answered 2xx", async () => {
    const event = notification({ request: { host: stranger.host } });

    const { status } = await postNotification(JSON.stringify({ events: [event] }));

    expect(status).toBe(202);
    expect(await deadLetters()).toMatchObject([{ source: "receiveRegistryNotification", reason: "unknown-registry" }]);
  });
});

describe("malformed notifications of a registry", () => {
  it("bad JSON, and JSON that is no envelope: 400", async () => {
    const statuses = [await postNotification("{"), await postNotification('{"events": 1}')].map(({ status }) => status);

    expect(statuses).toEqual([400, 400]);
    expect(await deadLetters()).toEqual([]);
  });

  it("bad fields: set aside with the reason, and the others in the envelope are taken", async () => {
    const pushed = await push(lab.registry.url, "shop/notified", await alpineImage());
    const good = notification({ target: { mediaType, repository: "shop/notified", digest: pushed.digest } });
    const bad = notification({ target: { mediaType, repository: "shop/notified", digest: "sha256:beef" } });

    const { status } = await postNotification(JSON.stringify({ events: [bad, good, "nonsense"] }));
    await quiet(lab);

    expect(status).toBe(202);
    expect(await readImage(lab, pushed)).toMatchObject({ state: { kind: "scanned" } });
    expect(await deadLetters()).toMatchObject([
      {
        reason: "invalid-event",
        detail: "Not an event of a registry: target.digest is not a sha256 digest.",
        body: JSON.stringify(bad),
      },
      { reason: "invalid-event", body: '"nonsense"' },
    ]);
  });

  it.each([
    ["no key", {}],
    ["a guessed key", { "x-functions-key": "guess" }],
    ["the key of another endpoint", "eventgrid"],
  ] as const)("%s: 401, and nothing is taken", async (_, headers) => {
    const pushed = await push(lab.registry.url, "shop/unsigned", await alpineImage());
    const event = notification({ target: { mediaType, repository: "shop/unsigned", digest: pushed.digest } });

    const response = await fetch(notificationUrl(), {
      method: "POST",
      headers: headers === "eventgrid" ? { "x-functions-key": lab.keys.eventgrid_extension } : headers,
      body: JSON.stringify({ events: [event] }),
    });
    await quiet(lab);

    expect(response.status).toBe(401);
    expect(await readImage(lab, pushed)).toBeUndefined();
  });
});

describe("malformed messages", () => {
  it.each([
    ["scan-requests", "scanImage"],
    ["sbom-requests", "storeSbom"],
    ["webhook-deliveries", "deliverWebhook"],
    ["findings", "dispatchAlert"],
  ])("on %s: set aside with the reason, at the first delivery", async (entity, source) => {
    const bodies = ['{"image":"everything"}', "not JSON", '{"attempt":-1}'];

    await lab.tidewatch.broker.send(
      entity,
      bodies.map((body) => ({ body, contentType: json })),
    );
    const letters = await eventually(async () => {
      const found = await deadLetters();
      expect(found).toHaveLength(bodies.length);
      return found;
    });

    expect(letters.map((letter) => letter.source)).toEqual([source, source, source]);
    expect(letters.map((letter) => letter.reason)).toEqual(Array(3).fill("invalid-message"));
    expect(letters.map((letter) => letter.body).sort()).toEqual(bodies.toSorted());
    await quiet(lab);
    expect(await lab.tidewatch.broker.counts("webhook-deliveries")).toMatchObject({ active: 0, deadLettered: 0 });
  });
});

const json = "application/json";
const mediaType = "application/vnd.oci.image.manifest.v1+json";

function target(named: object): object {
  return { data: { timestamp: new Date(), target: named, request: { host: "shop.azurecr.io" } } };
}

function notification(change: object): object {
  return {
    id: "1",
    timestamp: new Date(),
    action: "push",
    target: { mediaType, repository: "shop/web", digest: aDigest() },
    request: { host: lab.registry.host, useragent: "docker/28.5.1" },
    actor: {},
    ...change,
  };
}

function notificationUrl(): string {
  return `${lab.tidewatch.functions.url}/api/registry-notifications`;
}

function postNotification(body: string): Promise<Response> {
  return fetch(notificationUrl(), { method: "POST", headers: { "x-functions-key": lab.keys.default }, body });
}

/** With their bodies, in the reverse order of these. */
async function deadLetters() {
  const { items } = await lab.tidewatch.host.listDeadLetters({}, { limit: 100 });
  const stored = await Promise.all(items.map(({ id }) => lab.tidewatch.host.readDeadLetter(id)));
  return stored
    .flatMap((letter) => (letter === undefined ? [] : [letter.value]))
    .toSorted((a, b) => (a.body < b.body ? 1 : -1));
}
