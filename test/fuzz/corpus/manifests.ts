import { cosignSignature, helmChart, sbomReferrer } from "../../support/images/artifacts.ts";
import type { Manifest } from "../../support/images/descriptor.ts";
import { alpineImage, multiPlatformIndex } from "../../support/images/sample-images.ts";
import { emptyImage, windowsImage } from "../../support/images/unscannable-images.ts";

/** One manifest of every kind that a registry holds, as the registry has it. */
export async function sampleManifests(): Promise<readonly Manifest[]> {
  const image = await alpineImage();
  const index = await multiPlatformIndex();
  return [
    image,
    index,
    ...index.manifests.slice(-1),
    emptyImage(),
    await windowsImage(),
    await helmChart({ name: "shop", version: "1.4.0" }),
    cosignSignature(image),
    sbomReferrer(image),
  ];
}

/** Their config blobs, without those of artifacts that are no JSON. */
export async function sampleConfigs(): Promise<readonly string[]> {
  return (await sampleManifests()).flatMap(({ blobs }) =>
    blobs.flatMap(({ descriptor, content }) =>
      /config.*json/.test(descriptor.mediaType) && content instanceof Uint8Array ? [textOf(content)] : [],
    ),
  );
}

export const textOf = (content: Uint8Array): string => Buffer.from(content).toString();

/** What registries still have beside what is built today: Docker's own formats, one of them long dead. */
export const dockerManifests: readonly string[] = [
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: 7023, digest: digest("b5") },
    layers: [{ mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: 32654, digest: digest("e6") }],
  }),
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifests: [
      {
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        size: 7143,
        digest: digest("e6"),
        platform: { architecture: "ppc64le", os: "linux", features: ["sse4"] },
      },
    ],
  }),
  JSON.stringify({ schemaVersion: 1, name: "library/hello", tag: "latest", fsLayers: [], history: [], signatures: [] }),
];

function digest(byte: string): string {
  return `sha256:${byte.repeat(32)}`;
}
