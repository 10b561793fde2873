import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { sha256, type Manifest } from "./descriptor.ts";
import { image, type Image } from "./image.ts";
import { imageIndex } from "./image-index.ts";
import { largeLayer } from "./large-layer.ts";
import { layer } from "./layer.ts";
import { sampleArtifacts, sampleImages, unscannableSamples } from "./sample-catalogue.ts";
import { multiPlatformIndex, nodeImage, pythonImage } from "./sample-images.ts";

describe("layer", () => {
  it("has the same bytes whenever it is made", async () => {
    const files = [{ path: "a/b.txt", content: "b" }];

    const [first, second] = [await layer(files, "COPY"), await layer(files, "COPY")];

    expect(first).toEqual(second);
  });

  it("has the digest of what is stored and the diffId of what is unpacked", async () => {
    const { content, descriptor, diffId } = await layer([{ path: "a", content: "a" }], "COPY");

    expect(descriptor.digest).toBe(sha256(content));
    expect(diffId).toBe(sha256(gunzipSync(content)));
  });
});

describe("image", () => {
  it("names its config and layers by their digests and sizes", async () => {
    const made = await nodeImage();

    const { config, layers } = manifestSchema.parse(parse(made.content));
    const named = [config, ...layers].map(({ digest, size }) => ({ digest, size }));
    expect(named).toEqual(made.blobs.map(({ descriptor: { digest, size } }) => ({ digest, size })));
    expect(layers).toHaveLength(2);
  });

  it("tells in its history which layer each instruction made", async () => {
    const made = await nodeImage();

    const { history, rootfs } = configOf(made);
    expect(rootfs.diff_ids).toEqual(made.layers.map(({ diffId }) => diffId));
    expect(history.filter(({ empty_layer }) => empty_layer !== true).map(({ created_by }) => created_by)).toEqual(
      made.layers.map(({ createdBy }) => createdBy),
    );
    expect(history.filter(({ empty_layer }) => empty_layer === true)).toHaveLength(3);
  });

  it("uses Docker's media types throughout when asked to", async () => {
    const made = image({ steps: [await layer([], "COPY")], format: "docker" });

    const { mediaType, config, layers } = manifestSchema.parse(parse(made.content));
    expect([mediaType, config.mediaType, layers[0]?.mediaType]).toEqual([
      "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.docker.container.image.v1+json",
      "application/vnd.docker.image.rootfs.diff.tar.gzip",
    ]);
  });

  it("shares its base layer with images that stand on the same base", async () => {
    const [node, python] = [await nodeImage(), await pythonImage()];

    expect(node.layers[0]).toEqual(python.layers[0]);
    expect(node.layers[1]?.diffId).not.toBe(python.layers[1]?.diffId);
  });
});

describe("imageIndex", () => {
  it("lists each platform's image and then its attestation", async () => {
    const index = await multiPlatformIndex();

    const { manifests } = indexSchema.parse(parse(index.content));
    const images = index.images.map(({ descriptor }) => descriptor.digest);
    expect(manifests.map(({ platform }) => Object.values(platform).join("/"))).toEqual([
      "amd64/linux",
      "arm64/linux/v8",
      "arm/linux/v7",
      ...["unknown/unknown", "unknown/unknown", "unknown/unknown"],
    ]);
    expect(manifests.slice(0, 3).map(({ digest }) => digest)).toEqual(images);
    expect(manifests.slice(3).map(({ annotations }) => annotations?.["vnd.docker.reference.digest"])).toEqual(images);
  });

  it("carries everything that has to be pushed before it", async () => {
    const index = imageIndex([await nodeImage()], { attestations: true });

    const { manifests } = indexSchema.parse(parse(index.content));
    expect(index.manifests.map(({ descriptor }) => descriptor.digest)).toEqual(manifests.map(({ digest }) => digest));
  });
});

describe("largeLayer", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "large-layer-"));
  });
  afterAll(async () => rm(directory, { recursive: true }));

  it.each(["none", "gzip"] as const)("writes what its digest says (%s)", async (compression) => {
    const made = await largeLayer({ bytes: 3_000_001, files: 7, seed: 1, directory, compression });

    const hash = createHash("sha256");
    if (!("file" in made.content)) throw new Error("A large layer is to be in a file.");
    await pipeline(createReadStream(made.content.file), hash);
    expect(made.descriptor.digest).toBe(`sha256:${hash.digest("hex")}`);
    expect(made.descriptor.size).toBeGreaterThan(3_000_001);
  });

  it("is the same for the same seed, and unpacks to the same however compressed", async () => {
    const options = { bytes: 2_000_000, directory };

    const first = await largeLayer({ ...options, seed: 1 });
    const again = await largeLayer({ ...options, seed: 1, compression: "gzip" });
    const other = await largeLayer({ ...options, seed: 2 });

    expect(again.diffId).toBe(first.diffId);
    expect(other.diffId).not.toBe(first.diffId);
  });

  it("ends when it is told to", async () => {
    const stopped = largeLayer({ bytes: 1e9, seed: 1, directory, signal: AbortSignal.timeout(20) });

    await expect(stopped).rejects.toThrow(/abort/);
  });
});

describe("samples", () => {
  it("have the same digests in every run", async () => {
    const digests = async () =>
      [...(await sampleImages()), ...(await unscannableSamples()), ...(await sampleArtifacts())].map(
        ({ manifest }) => manifest.descriptor.digest,
      );

    const [first, second] = [await digests(), await digests()];

    expect(first).toEqual(second);
    expect(new Set(first).size).toBe(first.length);
  });
});

function configOf(made: Image) {
  const config = made.blobs.find(({ descriptor }) => descriptor.digest === made.imageId);
  return configSchema.parse(parse(config?.content));
}

function parse(content: Manifest["blobs"][number]["content"] | undefined): unknown {
  if (!(content instanceof Uint8Array)) throw new Error("Not in memory.");
  return JSON.parse(Buffer.from(content).toString());
}

const descriptorSchema = z.object({ mediaType: z.string(), digest: z.string(), size: z.number() });
const manifestSchema = z.object({
  mediaType: z.string(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
});
const indexSchema = z.object({
  manifests: z.array(
    descriptorSchema.extend({
      platform: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const configSchema = z.object({
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
  history: z.array(z.object({ created_by: z.string(), empty_layer: z.boolean().optional() })),
});
