import { once } from "node:events";
import { createServer } from "node:http";
import { inspect } from "node:util";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { ociImageRegistry } from "../../../shared/adapters/oci/oci-image-registry.ts";
import {
  parseRegistryHost,
  parseRepository,
  parseTag,
  type ImageReference,
} from "../../../shared/domain/image-reference.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../../support/registry/in-process-registry.ts";
import { registryPusher } from "../../support/registry/registry-pusher.ts";

const NOW = new Date("2026-01-02T03:04:05Z");
const repository = parseRepository("team/web");

describe("ociImageRegistry on a registry that misbehaves", () => {
  let server: InProcessRegistry;
  let image: ImageReference;
  beforeAll(async () => {
    server = await startInProcessRegistry();
    image = {
      registry: server.host,
      repository,
      digest: await registryPusher(server.url).pushImage(repository, "x", "1.0"),
    };
  });
  afterEach(() => {
    server.faults.clear();
    server.requests.clear();
  });
  afterAll(async () => server.close());

  const client = (timeoutSeconds = 10) =>
    ociImageRegistry({
      credentials: async () => ({ kind: "anonymous" }),
      clock: { now: () => NOW, sleep: async () => undefined },
      userAgent: "tidewatch/test",
      insecureRegistries: ["127.0.0.1"],
      timeoutSeconds,
    });
  const answerWith = (status: number, headers: Record<string, string> = {}, body = "") =>
    server.faults.add({ path: /manifests/, fault: { kind: "answer", status, headers, body } });

  it.each([429, 503])("waits as long as a %i asks for", async (status) => {
    answerWith(status, { "retry-after": "90" });

    await expect(client().readManifest(image)).rejects.toMatchObject({
      name: "RetryLaterError",
      notBefore: new Date("2026-01-02T03:05:35Z"),
    });
  });

  it.each([408, 500, 502, 504])("tries again after %i at a time of the caller's choice", async (status) => {
    answerWith(status);

    await expect(client().readManifest(image)).rejects.toMatchObject({ name: "RetryLaterError", notBefore: undefined });
  });

  it("does not take a stranger's 404 for a deleted image", async () => {
    answerWith(404, { "content-type": "text/html" }, "<h1>Not found</h1>");

    await expect(client().readManifest(image)).rejects.toMatchObject({ name: "RetryLaterError" });
    await expect(client().resolveTag(image, parseTag("1.0"))).rejects.toMatchObject({ name: "RetryLaterError" });
  });

  it("puts aside what the registry will never answer", async () => {
    answerWith(400, {}, '{"errors":[{"code":"NAME_INVALID","message":"no"}]}');

    await expect(client().readManifest(image)).rejects.toMatchObject({
      name: "DeadLetterError",
      reason: "registry-refused",
      message: `${server.host} refused the request (400 NAME_INVALID).`,
    });
  });

  it("refuses bytes that are not those of the digest", async () => {
    server.faults.add({ path: /manifests/, fault: { kind: "corrupt" } });

    await expect(client().readManifest(image)).rejects.toMatchObject({
      name: "DeadLetterError",
      reason: "digest-mismatch",
    });
  });

  it("tries again later when the connection breaks in the middle", async () => {
    server.faults.add({ path: /manifests/, fault: { kind: "truncate" } });

    await expect(client().readManifest(image)).rejects.toMatchObject({ name: "RetryLaterError" });
  });

  it.each([
    ["never answers", { kind: "hang" } as const],
    ["drips its answer", { kind: "slow", pauseMs: 20 } as const],
  ])("does not wait longer than its timeout for a registry that %s", async (_, fault) => {
    server.faults.add({ path: /manifests/, fault });

    await expect(client(0.2).readManifest(image)).rejects.toThrow(/no complete answer in 0.2 s/);
  });

  it("stops waiting when its caller does", async () => {
    server.faults.add({ path: /manifests/, fault: { kind: "hang" } });
    const stop = new AbortController();

    const reading = client().readManifest(image, stop.signal);
    setTimeout(() => stop.abort(new Error("enough")), 50);

    await expect(reading).rejects.toThrow("enough");
  });

  it("tries again later when nobody listens", async () => {
    const nobody = parseRegistryHost("127.0.0.1:1");

    await expect(client().readManifest({ ...image, registry: nobody })).rejects.toThrow(
      /127.0.0.1:1 could not be read/,
    );
  });

  it("stops reading at the limit when Content-Length is not there to warn", async () => {
    const endless = createServer((_, response) => {
      const write = () => {
        if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), write);
      };
      write();
    }).listen(0, "127.0.0.1");
    await once(endless, "listening");
    const address = endless.address();
    const port = typeof address === "object" ? address?.port : undefined;

    const reading = client().readManifest({ ...image, registry: parseRegistryHost(`127.0.0.1:${port ?? 0}`) });

    await expect(reading).rejects.toMatchObject({ reason: "registry-answer-too-large" });
    endless.close();
    endless.closeAllConnections();
  });

  it("works the digest of a tag out itself when the registry's HEAD does not tell it", async () => {
    server.faults.add({ method: "HEAD", path: /manifests/, fault: { kind: "answer", status: 200 } });

    expect(await client().resolveTag(image, parseTag("1.0"))).toBe(image.digest);
  });

  it("follows redirects, five at most", async () => {
    const location = { location: `/v2/${repository}/manifests/${image.digest}` };
    const redirect = (times: number) =>
      server.faults.add({ path: /manifests/, times, fault: { kind: "answer", status: 307, headers: location } });

    redirect(5);
    expect(await client().readManifest(image)).toBeDefined();
    redirect(6);
    await expect(client().readManifest(image)).rejects.toThrow(/redirects more often/);
  });

  it("keeps the signature in a redirect's address out of its errors", async () => {
    answerWith(307, { location: "http://127.0.0.1:1/blob?sig=confidential" });

    const error: unknown = await client()
      .readManifest(image)
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: "RetryLaterError" });
    expect(inspect(error, { depth: Infinity })).not.toContain("confidential");
  });

  it("speaks https to every registry that is not named as insecure", async () => {
    const careful = ociImageRegistry({
      credentials: async () => ({ kind: "anonymous" }),
      clock: { now: () => NOW, sleep: async () => undefined },
      userAgent: "tidewatch/test",
    });

    await expect(careful.readManifest(image)).rejects.toMatchObject({ name: "RetryLaterError" });
    expect(server.requests.all()).toEqual([]);
  });

  it("names itself, so that its pulls are not taken for use", async () => {
    await client().readManifest(image);

    expect(server.requests.all().map(({ headers }) => headers["user-agent"])).toEqual(["tidewatch/test"]);
  });

  it.each([
    ["no JSON", "hello"],
    ["a tag that is none", '{"tags":["../x"]}'],
  ])("puts a listing aside that holds %s", async (_, body) => {
    server.faults.add({ path: /tags/, fault: { kind: "answer", status: 200, body } });

    const listing = client().listTags(image)[Symbol.asyncIterator]();

    await expect(listing.next()).rejects.toMatchObject({ name: "DeadLetterError", reason: "registry-protocol" });
  });
});
