import { blob, json, type Blob, type Manifest } from "./descriptor.ts";
import { MANIFEST_MEDIA_TYPES } from "./image.ts";
import { layer } from "./layer.ts";

// https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor
const EMPTY_CONFIG = blob("application/vnd.oci.empty.v1+json", json({}));

/** A chart as `helm push` stores it; the version is also its tag. */
export async function helmChart({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string;
}): Promise<Manifest> {
  const about = { name, version, apiVersion: "v2", type: "application" };
  const chart = await layer(
    [
      {
        path: `${name}/Chart.yaml`,
        content: `apiVersion: v2\nname: ${name}\nversion: ${version}\ntype: application\n`,
      },
      { path: `${name}/values.yaml`, content: "replicas: 1\n" },
    ],
    "helm package",
  );
  return artifact({
    config: blob("application/vnd.cncf.helm.config.v1+json", json(about)),
    layers: [blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", chart.content)],
    annotations: { "org.opencontainers.image.title": name, "org.opencontainers.image.version": version },
  });
}

/**
 * A signature as cosign stores it under a tag, see {@link cosignSignatureTag}. Its config claims to be an image's, so only
 * the layer's media type tells. The signature itself verifies with no key.
 */
export function cosignSignature(signed: Manifest): Manifest {
  const payload = blob(
    "application/vnd.dev.cosign.simplesigning.v1+json",
    json({
      critical: {
        identity: { "docker-reference": "" },
        image: { "docker-manifest-digest": signed.descriptor.digest },
        type: "cosign container image signature",
      },
      optional: null,
    }),
    { "dev.cosignproject.cosign/signature": Buffer.alloc(64, 7).toString("base64") },
  );
  const config = {
    architecture: "",
    created: "0001-01-01T00:00:00Z",
    history: [{ created: "0001-01-01T00:00:00Z" }],
    os: "",
    rootfs: { type: "layers", diff_ids: [payload.descriptor.digest] },
    config: {},
  };
  return artifact({ config: blob(MANIFEST_MEDIA_TYPES.oci.config, json(config)), layers: [payload] });
}

export function cosignSignatureTag(signed: Manifest): string {
  return `${signed.descriptor.digest.replace(":", "-")}.sig`;
}

/** A CycloneDX document that refers to an image by `subject`, as `oras attach` stores it. */
export function sbomReferrer(subject: Manifest): Manifest {
  const { mediaType, digest, size } = subject.descriptor;
  const type = "application/vnd.cyclonedx+json";
  const document = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: [] };
  return artifact({
    artifactType: type,
    config: EMPTY_CONFIG,
    layers: [blob(type, json(document))],
    subject: { mediaType, digest, size },
  });
}

/** An OCI 1.1 artifact with one file, as `oras push` stores it. */
export function fileArtifact(artifactType: string, title: string, content: Uint8Array): Manifest {
  const file = blob("application/octet-stream", content, { "org.opencontainers.image.title": title });
  return artifact({ artifactType, config: EMPTY_CONFIG, layers: [file] });
}

interface Artifact {
  readonly artifactType?: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly subject?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

function artifact({ artifactType, config, layers, subject, annotations }: Artifact): Manifest {
  const mediaType = MANIFEST_MEDIA_TYPES.oci.manifest;
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    subject,
    annotations,
  };
  return { ...blob(mediaType, json(manifest)), blobs: [config, ...layers], manifests: [] };
}
