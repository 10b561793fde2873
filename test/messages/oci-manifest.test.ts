import { describe, expect, it } from "vitest";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { parseImageConfig, parseManifest } from "../../shared/messages/oci-manifest.ts";
import { cosignSignature, fileArtifact, helmChart, sbomReferrer } from "../support/images/artifacts.ts";
import type { Manifest } from "../support/images/descriptor.ts";
import { imageIndex } from "../support/images/image-index.ts";
import { image } from "../support/images/image.ts";
import { layer } from "../support/images/layer.ts";
import { emptyImage, encryptedImage, windowsImage } from "../support/images/unscannable-images.ts";
import { aDigest, anImage } from "../support/samples.ts";

describe("parseManifest", () => {
  it.each(["oci", "docker"] as const)("reads an image with %s media types", async (format) => {
    const made = image({ steps: [await layer([{ path: "a", content: "a" }], "COPY")], format });

    const manifest = parse(made);

    expect(manifest).toMatchObject({ kind: "image", config: { digest: made.imageId } });
    expect(manifest.kind === "image" && manifest.layers.map(({ digest, size }) => ({ digest, size }))).toEqual(
      made.layers.map(({ descriptor: { digest, size } }) => ({ digest, size })),
    );
  });

  it.each([
    ["Windows", windowsImage],
    ["encrypted", encryptedImage],
    ["empty", async () => emptyImage()],
  ])("takes a %s image for an image, whatever becomes of it", async (_, make) => {
    expect(parse(await make())).toMatchObject({ kind: "image" });
  });

  it("keeps the media type of an encrypted layer, by which it is known", async () => {
    const manifest = parse(await encryptedImage());

    expect(manifest.kind === "image" && manifest.layers[0]?.mediaType).toMatch(/\+encrypted$/);
  });

  it.each(["oci", "docker"] as const)(
    "reads an index with %s media types, and knows its attestations",
    async (format) => {
      const amd64 = image({ steps: [await layer([], "COPY")] });
      const arm64 = image({ steps: [], platform: { os: "linux", architecture: "arm64", variant: "v8" } });

      const manifest = parse(imageIndex([amd64, arm64], { attestations: true, format }));

      expect(manifest).toMatchObject({
        kind: "index",
        manifests: [{ digest: amd64.descriptor.digest }, { digest: arm64.descriptor.digest }, {}, {}],
      });
    },
  );

  it("knows the manifests that hold the attestations, too", async () => {
    const { manifests } = imageIndex([image({ steps: [await layer([], "COPY")] })], { attestations: true });

    expect(manifests.map((each) => parse(each).kind)).toEqual(["image", "artifact"]);
  });

  it.each([
    ["chart", () => helmChart({ name: "shop", version: "1.4.0" })],
    ["signature", async () => cosignSignature(await anyImage())],
    ["sbom", async () => sbomReferrer(await anyImage())],
    ["other", async () => fileArtifact("application/vnd.acme.rocket", "rocket.txt", Buffer.from("whoosh"))],
  ])("knows a %s", async (artifact, make) => {
    expect(parse(await make())).toMatchObject({ kind: "artifact", artifact });
  });

  it("goes by the content type where the manifest does not tell its own", () => {
    const index = { schemaVersion: 2, manifests: [] };

    expect(parseManifest(bytes(index), "application/vnd.oci.image.index.v1+json")).toEqual({
      kind: "index",
      manifests: [],
    });
    expect(parseManifest(bytes(index), "application/octet-stream").kind).toBe("index");
  });

  it("goes by what the manifest says of itself before the content type", async () => {
    const { content } = await anyImage();

    expect(parseManifest(content, "application/vnd.oci.image.index.v1+json").kind).toBe("image");
  });

  it("takes nobody's word for what a listed manifest is, since it could hide an image", () => {
    const says = {
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
      artifactType: "application/vnd.cyclonedx+json",
    };

    const manifest = parseManifest(bytes({ schemaVersion: 2, manifests: [{ ...entry(1), ...says }] }), "");

    expect(manifest).toEqual({ kind: "index", manifests: [entry(1)] });
  });

  it("takes 200 entries", () => {
    const manifests = Array.from({ length: 200 }, (_, index) => entry(index));

    expect(parseManifest(bytes({ schemaVersion: 2, manifests }), "")).toMatchObject({ kind: "index" });
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      "201 entries",
      bytes({ manifests: Array.from({ length: 201 }, (_, index) => entry(index)) }),
      /image index: manifests: /,
    ],
    [
      "1,001 layers",
      bytes({ config: entry(0), layers: Array.from({ length: 1001 }, (_, index) => entry(index)) }),
      /layers: /,
    ],
    ["Docker's schema 1", bytes({ schemaVersion: 1, name: "team/web", fsLayers: [] }), /Docker schema 1/],
    ["no config", bytes({ schemaVersion: 2, layers: [] }), /config: /],
    ["no layers", bytes({ schemaVersion: 2, config: entry(0) }), /layers: /],
    ["a digest that is none", bytes({ config: { ...entry(0), digest: "sha512:x" }, layers: [] }), /config\.digest: /],
    ["a size below zero", bytes({ config: { ...entry(0), size: -1 }, layers: [] }), /config\.size: /],
    ["an entry without digest", bytes({ manifests: [{ mediaType: "x", size: 1 }] }), /manifests\.0\.digest: /],
    ["a list", bytes([]), /it: /],
    ["nothing", bytes(null), /it: /],
    ["no bytes", new Uint8Array(), /not JSON/],
    ["half a manifest", Buffer.from('{"schemaVersion":2,'), /not JSON/],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00]), /not JSON/],
  ])("refuses %s and says why", (_, content, names) => {
    expect(() => parseManifest(content, "application/vnd.oci.image.manifest.v1+json")).toThrow(InvalidMessageError);
    expect(() => parseManifest(content, "application/vnd.oci.image.manifest.v1+json")).toThrow(names);
  });

  it("keeps its refusal short, since it is stored and shown", () => {
    const manifests = Array.from({ length: 9 }, (_, index) => ({ ...entry(index), digest: "x".repeat(100_000) }));
    const content = bytes({ manifests });

    expect(() => parseManifest(content, "")).toThrow(InvalidMessageError);
    expect(() => parseManifest(content, "")).not.toThrow(/.{2001}/s);
  });
});

describe("parseImageConfig", () => {
  it("tells the platform", () => {
    const made = image({ steps: [], platform: { os: "linux", architecture: "arm", variant: "v7" } });
    const content = made.blobs[0]?.content;

    expect(content instanceof Uint8Array && parseImageConfig(content, anImage())).toEqual({
      os: "linux",
      architecture: "arm",
      variant: "v7",
    });
  });

  it.each<[Uint8Array, RegExp]>([
    [bytes([]), /config of team\/web/],
    [Buffer.from("{"), /config of team\/web: it is not JSON/],
  ])("refuses what tells none, and says of which repository", (content, names) => {
    expect(() => parseImageConfig(content, anImage())).toThrow(InvalidMessageError);
    expect(() => parseImageConfig(content, anImage())).toThrow(names);
  });
});

function parse({ content, descriptor }: Manifest) {
  return parseManifest(content, descriptor.mediaType);
}

async function anyImage(): Promise<Manifest> {
  return image({ steps: [await layer([{ path: "a", content: "a" }], "COPY")] });
}

function entry(number: number) {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return { mediaType, digest: aDigest(`entry ${number}`), size: 1 };
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
