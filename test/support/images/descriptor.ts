import { createHash } from "node:crypto";
import { parseDigest, type Digest } from "../../../shared/domain/digest.ts";

/** What the OCI image specification calls a content descriptor, with only the properties written here. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Readonly<Record<string, string>>;
}

/** Bytes that a manifest names: in memory, or in a file when there are too many of them. */
export interface Blob {
  readonly descriptor: Descriptor;
  readonly content: Uint8Array | { readonly file: string };
}

/** A manifest and everything that has to be in the repository before it: its blobs, and for an index its manifests. */
export interface Manifest {
  readonly descriptor: Descriptor;
  readonly content: Uint8Array;
  readonly blobs: readonly Blob[];
  readonly manifests: readonly Manifest[];
}

export function sha256(content: string | Uint8Array): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(content).digest("hex")}`);
}

export function blob(
  mediaType: string,
  content: Uint8Array,
  annotations?: Readonly<Record<string, string>>,
): Blob & { readonly content: Uint8Array } {
  return {
    content,
    descriptor: {
      mediaType,
      digest: sha256(content),
      size: content.byteLength,
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

/** Properties that are undefined are left out, so that an option not given changes no digest. */
export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
