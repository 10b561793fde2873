import type { Digest } from "../../../shared/domain/digest.ts";
import { blob, json, type Descriptor, type Manifest } from "./descriptor.ts";
import { LAYER_MEDIA_TYPES, type Layer } from "./layer.ts";

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  /** Windows only, for example 10.0.20348.2762. */
  readonly osVersion?: string;
}

/** One platform's image, ready to be pushed. */
export interface Image extends Manifest {
  readonly platform: Platform;
  /** Digest of the config, which Docker and Trivy call the image's id. */
  readonly imageId: Digest;
  readonly layers: readonly Layer[];
}

export interface ImageOptions {
  /** Oldest first, as in a Dockerfile: a layer, or the text of an instruction that adds none (`CMD ["node"]`). */
  readonly steps: readonly (Layer | string)[];
  /** linux/amd64 when not given. */
  readonly platform?: Platform;
  /** Media types of the OCI, or of Docker's image manifest version 2, schema 2. OCI when not given. */
  readonly format?: ManifestFormat;
  /** The config's `config` object: Env, Entrypoint, Labels, User and so on. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly created?: Date;
}

export type ManifestFormat = keyof typeof MANIFEST_MEDIA_TYPES;

export const MANIFEST_MEDIA_TYPES = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    index: "application/vnd.oci.image.index.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
  },
} as const;

export const LINUX_AMD64: Platform = { os: "linux", architecture: "amd64" };

/** The date of creation is a fixed one unless given, because it counts in the digest. */
export function image(options: ImageOptions): Image {
  const { steps, platform = LINUX_AMD64, format = "oci", annotations } = options;
  const layers = steps.filter((step) => typeof step !== "string");
  const mediaTypes = MANIFEST_MEDIA_TYPES[format];
  const config = blob(mediaTypes.config, json(imageConfig(options, platform, layers)));
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => (format === "docker" ? asDockerLayer(descriptor) : descriptor)),
    annotations,
  };
  return {
    ...blob(mediaTypes.manifest, json(manifest)),
    blobs: [config, ...layers],
    manifests: [],
    platform,
    imageId: config.descriptor.digest,
    layers,
  };
}

function imageConfig({ steps, config, created }: ImageOptions, platform: Platform, layers: readonly Layer[]) {
  const at = (created ?? new Date("2026-01-05T08:00:00Z")).toISOString();
  return {
    created: at,
    ...platformJson(platform),
    config: config ?? {},
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: steps.map((step) =>
      typeof step === "string"
        ? { created: at, created_by: step, empty_layer: true }
        : { created: at, created_by: step.createdBy },
    ),
  };
}

/** As configs and index entries spell a platform. */
export function platformJson({ os, architecture, variant, osVersion }: Platform): Record<string, string> {
  return {
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { "os.version": osVersion }),
  };
}

function asDockerLayer(descriptor: Descriptor): Descriptor {
  const compressed = descriptor.mediaType === LAYER_MEDIA_TYPES.gzip;
  return { ...descriptor, mediaType: `application/vnd.docker.image.rootfs.diff.tar${compressed ? ".gzip" : ""}` };
}
