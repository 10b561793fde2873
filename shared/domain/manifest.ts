import type { Digest } from "./digest.ts";

/** What a manifest turned out to be. Only an image is scanned; every other kind is recorded and says why it is not. */
export type Manifest = ImageManifest | ImageIndex | OtherArtifact;

/** One platform's image. */
export interface ImageManifest {
  readonly kind: "image";
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A list of manifests, one per platform and often an attestation for each. Docker calls it a manifest list. */
export interface ImageIndex {
  readonly kind: "index";
  readonly manifests: readonly Descriptor[];
}

/** Something else that lives in a registry. */
export interface OtherArtifact {
  readonly kind: "artifact";
  readonly artifact: ArtifactKind;
  /** The media type or artifact type that told us. At most 255 characters. */
  readonly artifactType: string;
}

export type ArtifactKind = "attestation" | "signature" | "sbom" | "chart" | "other";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}
