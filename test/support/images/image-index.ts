import type { Digest } from "../../../shared/domain/digest.ts";
import { blob, json, type Blob, type Descriptor, type Manifest } from "./descriptor.ts";
import { MANIFEST_MEDIA_TYPES, platformJson, type Image, type ManifestFormat } from "./image.ts";

export interface ImageIndex extends Manifest {
  readonly images: readonly Image[];
}

export interface ImageIndexOptions {
  /** Adds a BuildKit provenance attestation for each image, as `docker buildx build --provenance` does. */
  readonly attestations?: boolean;
  readonly format?: ManifestFormat;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Several platforms' images under one digest. */
export function imageIndex(images: readonly Image[], options: ImageIndexOptions = {}): ImageIndex {
  const { attestations = false, format = "oci", annotations } = options;
  const attested = attestations ? images.map((image) => ({ image, attestation: attestationOf(image) })) : [];
  const mediaType = MANIFEST_MEDIA_TYPES[format].index;
  const entries: readonly Descriptor[] = [
    ...images.map(({ descriptor, platform }) => ({ ...descriptor, platform: platformJson(platform) })),
    ...attested.map(({ image, attestation }) => attestationEntry(image, attestation)),
  ];
  return {
    ...blob(mediaType, json({ schemaVersion: 2, mediaType, manifests: entries, annotations })),
    blobs: [],
    manifests: [...images, ...attested.map(({ attestation }) => attestation)],
    images,
  };
}

// https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
const UNKNOWN_PLATFORM = { architecture: "unknown", os: "unknown" };

function attestationEntry(image: Image, attestation: Manifest): Descriptor {
  return {
    ...attestation.descriptor,
    annotations: {
      "vnd.docker.reference.digest": image.descriptor.digest,
      "vnd.docker.reference.type": "attestation-manifest",
    },
    platform: UNKNOWN_PLATFORM,
  };
}

function attestationOf(image: Image): Manifest {
  const provenance = provenanceOf(image.descriptor.digest);
  const mediaTypes = MANIFEST_MEDIA_TYPES.oci;
  const config = blob(
    mediaTypes.config,
    json({
      ...UNKNOWN_PLATFORM,
      config: {},
      rootfs: { type: "layers", diff_ids: [provenance.descriptor.digest] },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: [provenance.descriptor],
  };
  return { ...blob(mediaTypes.manifest, json(manifest)), blobs: [config, provenance], manifests: [] };
}

function provenanceOf(digest: Digest): Blob {
  const predicateType = "https://slsa.dev/provenance/v1";
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType,
    subject: [{ name: "image", digest: { sha256: digest.slice("sha256:".length) } }],
    predicate: { buildDefinition: { buildType: "https://mobyproject.org/buildkit@v1" }, runDetails: {} },
  };
  return blob("application/vnd.in-toto+json", json(statement), { "in-toto.io/predicate-type": predicateType });
}
