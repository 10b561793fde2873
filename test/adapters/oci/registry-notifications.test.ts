import { expect, it } from "vitest";
import * as z from "zod";

import { startDistribution } from "../../support/registry/distribution.ts";
import { requireDistribution } from "../../support/registry/find-distribution.ts";
import { startInProcessRegistry } from "../../support/registry/in-process-registry.ts";
import { startNotificationReceiver, type NotificationReceiver } from "../../support/registry/notification-receiver.ts";
import { registryPusher } from "../../support/registry/registry-pusher.ts";

const REPOSITORY = "team/web";
const EVENTS = 8;
const endpoint = ({ url }: NotificationReceiver) => ({ url, headers: { authorization: "Bearer from-configuration" } });

it(
  "sends from the in-process registry the events that CNCF distribution sends",
  { timeout: 60_000 },
  async ({ skip }) => {
    await using real = await startNotificationReceiver();
    await using copy = await startNotificationReceiver();
    await using distribution = await startDistribution({
      path: requireDistribution(skip),
      notifications: [endpoint(real)],
    });
    await using registry = await startInProcessRegistry({ notifications: [endpoint(copy)] });

    await useRegistry(distribution.url);
    await useRegistry(registry.url);

    const expected = (await real.received(EVENTS)).map(withoutIdentity);
    expect(expected.flatMap(({ events }) => events.map(({ action }) => action))).toEqual([
      ...["push", "push", "push", "pull", "pull", "pull", "delete", "delete"],
    ]);
    expect((await copy.received(EVENTS)).map(withoutIdentity)).toEqual(expected);
  },
);

it("sends a notification again, and the later ones after it, until the endpoint takes it", async () => {
  await using receiver = await startNotificationReceiver();
  await using registry = await startInProcessRegistry({ notifications: [endpoint(receiver)] });
  receiver.refuse(2);

  await registryPusher(registry.url).pushImage(REPOSITORY, "x", "1.0");
  await registry.notified();

  const mediaTypes = (await receiver.received(3)).map(
    ({ body }) => envelope.parse(body).events[0]?.target["mediaType"],
  );
  expect(mediaTypes.at(-1)).toBe("application/vnd.oci.image.manifest.v1+json");
});

const envelope = z.object({
  events: z.array(
    z.object({
      id: z.string(),
      timestamp: z.iso.datetime(),
      action: z.string(),
      target: z.record(z.string(), z.unknown()),
      request: z.object({ id: z.string(), addr: z.string(), host: z.string() }).loose(),
      actor: z.unknown(),
      source: z.object({ addr: z.string(), instanceID: z.string() }),
    }),
  ),
});

/** Everything but ids, times and ports, which no two registries share. */
function withoutIdentity({ headers, body }: { readonly headers: NodeJS.Dict<unknown>; readonly body: unknown }) {
  const events = envelope.parse(body).events.map(({ action, target, request, actor }) => ({
    action,
    target: { ...target, ...(typeof target["url"] === "string" && { url: new URL(target["url"]).pathname }) },
    request: Object.keys(request).toSorted(),
    method: request["method"],
    actor,
  }));
  return { type: headers["content-type"], authorization: headers["authorization"], events };
}

/** Pushes two blobs and a tagged manifest, looks at the tag, pulls by digest, and deletes. */
async function useRegistry(url: string): Promise<void> {
  const pusher = registryPusher(url);
  const digest = await pusher.pushImage(REPOSITORY, "x", "1.0");
  await request(url, "HEAD", "manifests/1.0");
  const manifest = await request(url, "GET", `manifests/${digest}`);
  const { config } = z.object({ config: z.object({ digest: z.string() }) }).parse(JSON.parse(manifest));
  await request(url, "GET", `blobs/${config.digest}`);
  await pusher.deleteManifest(REPOSITORY, digest);
}

async function request(url: string, method: string, path: string): Promise<string> {
  const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
  const response = await fetch(`${url}/v2/${REPOSITORY}/${path}`, { method, headers });
  return response.text();
}
