import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { distributionAccount, startDistribution } from "../registry/distribution.ts";
import { findDistributionForTests } from "../registry/find-distribution.ts";
import { startInProcessRegistry } from "../registry/in-process-registry.ts";
import { deleteManifest } from "./delete-manifest.ts";
import { sha256 } from "./descriptor.ts";
import { image } from "./image.ts";
import { largeLayer } from "./large-layer.ts";
import { push } from "./push.ts";
import { sampleArtifacts, sampleImages, unscannableSamples } from "./sample-catalogue.ts";
import { alpineImage, multiPlatformIndex, nodeImage, pythonImage } from "./sample-images.ts";

describe("push to the in-process registry", () => {
  pushes(async () => startInProcessRegistry());

  it("uploads a base layer once", async () => {
    await using registry = await startInProcessRegistry();

    await push(registry.url, "team/apps", await nodeImage());
    await push(registry.url, "team/apps", await pythonImage());
    await push(registry.url, "team/apps", await pythonImage());

    const [eachItsOwn, shared] = [["config", "layer"], ["base"]];
    expect(registry.requests.matching("POST", /uploads/)).toHaveLength(2 * eachItsOwn.length + shared.length);
  });

  it("sends the name and the password with every request", async () => {
    const account = { username: "robot", password: "s3cret" };
    await using registry = await startInProcessRegistry({ auth: { kind: "basic", ...account } });

    await push(registry.url, "team/private", await alpineImage(), account);

    expect(registry.requests.all().every(({ authorized }) => authorized)).toBe(true);
  });
});

const distribution = findDistributionForTests();
const title =
  distribution === undefined ? "push to distribution (skipped: no docker-registry)" : "push to distribution";

describe.skipIf(distribution === undefined)(title, () => {
  const start = async (options = {}) => startDistribution({ path: distribution ?? "", ...options });
  pushes(start);

  it("gets in with a name and a password only", async () => {
    await using registry = await start({ auth: "htpasswd" });

    await push(registry.url, "team/private", await alpineImage(), distributionAccount);

    await expect(push(registry.url, "team/private", await alpineImage())).rejects.toThrow("answered 401");
  });

  it("sends a layer straight from its file, without holding it in memory", async () => {
    await using registry = await start();
    const directory = await mkdtemp(join(tmpdir(), "push-"));
    onTestFinished(async () => rm(directory, { recursive: true }));
    const layer = await largeLayer({ bytes: 100_000_000, seed: 1, directory });
    const before = process.memoryUsage().arrayBuffers;

    await push(registry.url, "team/model", image({ steps: [layer] }));

    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });
});

function pushes(start: () => Promise<{ readonly url: string; readonly close: () => Promise<void> }>): void {
  let registry: { readonly url: string; readonly close: () => Promise<void> };
  beforeAll(async () => {
    registry = await start();
  });
  afterAll(async () => registry.close());

  it("makes an index and its images pullable by digest, and the index by its tags", async () => {
    const index = await multiPlatformIndex();

    const pushed = await push(registry.url, "team/edge", index, { tags: ["1.0", "latest"] });

    expect(pushed).toEqual({ repository: "team/edge", ...index.descriptor, tags: ["1.0", "latest"] });
    for (const reference of [pushed.digest, "1.0", "latest"])
      expect(sha256(await pull(`team/edge/manifests/${reference}`))).toBe(pushed.digest);
    for (const { descriptor, blobs } of index.images) {
      expect(sha256(await pull(`team/edge/manifests/${descriptor.digest}`))).toBe(descriptor.digest);
      for (const { descriptor } of blobs)
        expect(sha256(await pull(`team/edge/blobs/${descriptor.digest}`))).toBe(descriptor.digest);
    }
  });

  it("gets every sample accepted", async () => {
    const samples = [...(await sampleImages()), ...(await unscannableSamples()), ...(await sampleArtifacts())];

    for (const { repository, tag, manifest } of samples) {
      const { digest } = await push(registry.url, repository, manifest, { tags: tag === undefined ? [] : [tag] });

      expect(sha256(await pull(`${repository}/manifests/${digest}`))).toBe(manifest.descriptor.digest);
    }
  });

  it("sends a layer from its file", async () => {
    const directory = await mkdtemp(join(tmpdir(), "push-"));
    onTestFinished(async () => rm(directory, { recursive: true }));
    const layer = await largeLayer({ bytes: 2_000_000, seed: 1, directory });

    await push(registry.url, "team/model", image({ steps: [layer] }));

    expect(sha256(await pull(`team/model/blobs/${layer.descriptor.digest}`))).toBe(layer.descriptor.digest);
  });

  it("says what the registry answered when it refuses", async () => {
    const refused = push(registry.url, "NOT-A-NAME", await alpineImage());

    await expect(refused).rejects.toThrow(/answered 4\d\d to \w+ http:.*NOT-A-NAME/);
  });

  it("deletes a manifest once", async () => {
    const { digest } = await push(registry.url, "team/old", await alpineImage(), { tags: ["1.0"] });

    const deletions = [
      await deleteManifest(registry.url, "team/old", digest),
      await deleteManifest(registry.url, "team/old", digest),
    ];

    expect(deletions).toEqual([true, false]);
    await expect(pull("team/old/manifests/1.0")).rejects.toThrow("404");
  });

  async function pull(path: string): Promise<Uint8Array> {
    const response = await fetch(`${registry.url}/v2/${path}`, {
      headers: { accept: ACCEPTED },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${response.status} ${path}`);
    return response.bytes();
  }
}

const ACCEPTED = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join();
