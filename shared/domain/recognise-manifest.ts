import type { ArtifactKind } from "./manifest.ts";

/** Parts of a manifest that tell what it is. */
export interface ManifestTraits {
  readonly artifactType?: string | undefined;
  readonly configMediaType?: string | undefined;
  readonly layerMediaTypes: readonly string[];
}

/**
 * Undefined for a container image. The media type of the manifest itself says little: charts, signatures and SBOMs are
 * pushed as OCI image manifests too, and cosign and BuildKit even give them an image's config. So the layers decide: a
 * runtime unpacks the file systems and passes over the rest, hence nothing that is added can hide an image.
 */
export function recogniseArtifact({
  artifactType,
  configMediaType,
  layerMediaTypes,
}: ManifestTraits): { readonly artifact: ArtifactKind; readonly artifactType: string } | undefined {
  const hasImageConfig = configMediaType !== undefined && imageConfigTypes.has(configMediaType);
  if (hasImageConfig && layerMediaTypes.some(isFileSystemLayer)) return undefined;
  const types = [artifactType, configMediaType, ...layerMediaTypes].filter((type) => type !== undefined);
  for (const type of types) {
    const artifact = knownArtifact(type);
    if (artifact !== undefined) return { artifact, artifactType: type.slice(0, 255) };
  }
  if (hasImageConfig && layerMediaTypes.length === 0) return undefined;
  const type = artifactType ?? (hasImageConfig ? layerMediaTypes[0] : configMediaType);
  return { artifact: "other", artifactType: (type ?? "unknown").slice(0, 255) };
}

const imageConfigTypes = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);

/** OCI, OCI non-distributable and Docker layers, compressed or not; encrypted ones (`…+encrypted`) count as layers. */
function isFileSystemLayer(mediaType: string): boolean {
  return /^application\/vnd\.(?:oci\.image\.layer\.|docker\.image\.rootfs\.)/.test(mediaType);
}

function knownArtifact(mediaType: string): ArtifactKind | undefined {
  return artifactMarks.find(([mark]) => mediaType.includes(mark))?.[1];
}

const artifactMarks: readonly (readonly [string, ArtifactKind])[] = [
  ["vnd.in-toto", "attestation"],
  ["vnd.dsse.envelope", "attestation"],
  ["dev.cosign.simplesigning", "signature"],
  ["dev.cosign.artifact.sig", "signature"],
  ["cncf.notary.signature", "signature"],
  ["dev.sigstore.bundle", "signature"],
  ["spdx", "sbom"],
  ["cyclonedx", "sbom"],
  ["syft+json", "sbom"],
  ["cncf.helm", "chart"],
];
