import * as z from "zod";
import type { ImageReference } from "../domain/image-reference.ts";
import type { Manifest } from "../domain/manifest.ts";
import { recogniseArtifact } from "../domain/recognise-manifest.ts";
import { InvalidMessageError, parseJson, parseWith } from "./invalid-message-error.ts";
import { Digest } from "./reference-schema.ts";

/**
 * A manifest as the registry sent it: OCI image manifest and index 1.1, Docker manifest v2 schema 2 and manifest list.
 * Throws InvalidMessageError for everything else, Docker's schema 1 included.
 */
export function parseManifest(content: Uint8Array, mediaType: string): Manifest {
  const value = parseJson(new TextDecoder().decode(content), "manifest");
  const { mediaType: ownMediaType, manifests, schemaVersion } = parseWith(AnyManifest, value, "manifest");
  if (schemaVersion === 1) throw new InvalidMessageError("Not a manifest that can be scanned: Docker schema 1.");
  const isIndex = indexTypes.has(ownMediaType ?? mediaType) || (ownMediaType === undefined && manifests !== undefined);
  return isIndex ? parseIndex(value) : parseImage(value);
}

/** Room for every platform there is, twice; more is a trap. */
const maximumEntries = 200;
const maximumLayers = 1000;

const indexTypes = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);

const AnyManifest = z.object({
  schemaVersion: z.number().optional(),
  mediaType: z.string().optional(),
  manifests: z.array(z.unknown()).optional(),
});

const Descriptor = z.object({ mediaType: z.string().max(255), digest: Digest, size: z.int().min(0) });

const ImageManifest = z.object({
  artifactType: z.string().max(255).optional(),
  config: Descriptor,
  layers: z.array(Descriptor).max(maximumLayers),
});

function parseImage(value: unknown): Manifest {
  const { artifactType, config, layers } = parseWith(ImageManifest, value, "image manifest");
  const artifact = recogniseArtifact({
    artifactType,
    configMediaType: config.mediaType,
    layerMediaTypes: layers.map(({ mediaType }) => mediaType),
  });
  return artifact === undefined ? { kind: "image", config, layers } : { kind: "artifact", ...artifact };
}

const Index = z.object({
  manifests: z.array(Descriptor).max(maximumEntries),
});

function parseIndex(value: unknown): Manifest {
  const { manifests } = parseWith(Index, value, "image index");
  return {
    kind: "index",
    // What an entry says of its manifest (platform, annotations, artifact type) is its author's word: whoever may push
    // could hide an image by it. Only the manifest itself tells.
    manifests,
  };
}

/** What a config blob of an image tells before Trivy has looked. */
export function parseImageConfig(content: Uint8Array, image: ImageReference) {
  return parseWith(
    ImageConfig,
    parseJson(new TextDecoder().decode(content), `config of ${image.repository}`),
    `config of ${image.repository}`,
  );
}

const ImageConfig = z.object({
  // Required by the specification, but runtimes do not insist: an image without them must not go unscanned.
  os: z.string().min(1).max(64).catch("unknown"),
  architecture: z.string().min(1).max(64).catch("unknown"),
  variant: z.string().max(64).optional().catch(undefined),
});
