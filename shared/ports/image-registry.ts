import type { Digest } from "../domain/digest.ts";
import { RetryLaterError } from "../domain/failure.ts";
import type { ImageReference, RegistryHost, Repository, Tag } from "../domain/image-reference.ts";

/**
 * Reading of registries. Nothing here writes to one.
 *
 * `undefined` and empty lists mean that the registry itself said so, never that it could not be asked. Other endings:
 * {@link RetryLaterError} when it is slow, down or asks for patience; {@link RegistryAccessError}, a RetryLaterError
 * too, when it does not let us in; DeadLetterError when its answer cannot be used: reason `digest-mismatch`,
 * `registry-answer-too-large`, `registry-protocol`, `registry-refused`. An abort rejects with the signal's reason.
 *
 * Azure Container Registry's own listing, which knows manifests without a tag, is not part of the OCI protocol and will
 * be a port of its own.
 */
export interface ImageRegistry {
  /** The bytes have been checked against the digest. At most 4 MiB, the limit the specification asks registries to take. */
  readonly readManifest: (image: ImageReference, signal?: AbortSignal) => Promise<ManifestDocument | undefined>;

  /** Whether the manifest is there now, without its bytes where the registry can tell so. Announced as a pull by some, too. */
  readonly exists: (image: ImageReference, signal?: AbortSignal) => Promise<boolean>;

  /** What the tag points at now; it may move at any time. Some registries announce even this as a pull (CNCF distribution 2.8). */
  readonly resolveTag: (repository: RepositoryReference, tag: Tag, signal?: AbortSignal) => Promise<Digest | undefined>;

  /** The bytes have been checked against the digest. More than `maxBytes` is a DeadLetterError. */
  readonly readBlob: (
    repository: RepositoryReference,
    digest: Digest,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ) => Promise<Uint8Array | undefined>;

  /** In the registry's order. Read page by page: a tag pushed meanwhile may or may not be in it. */
  readonly listTags: (repository: RepositoryReference, signal?: AbortSignal) => AsyncIterable<Tag>;

  /** Like {@link listTags}. Many public registries refuse it. */
  readonly listRepositories: (registry: RegistryHost, signal?: AbortSignal) => AsyncIterable<Repository>;

  /** Signatures, SBOMs and other artifacts whose subject is this image; also on registries without the referrers API. */
  readonly listReferrers: (
    image: ImageReference,
    options?: { readonly artifactType?: string | undefined; readonly signal?: AbortSignal | undefined },
  ) => AsyncIterable<Referrer>;
}

/** Where a repository is. Every ImageReference is one. */
export interface RepositoryReference {
  readonly registry: RegistryHost;
  readonly repository: Repository;
}

export interface ManifestDocument {
  readonly digest: Digest;
  /** From the answer's Content-Type: unlike `content` it is not covered by the digest. Lower case, no parameters. */
  readonly mediaType: string;
  readonly content: Uint8Array;
}

export interface Referrer {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly sizeInBytes: number;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The registry asks who we are, or does not let us read this. It is no dead letter because a person can cure it without
 * touching the message: the work waits until {@link RetryLaterError.notBefore} and then tries again.
 */
export class RegistryAccessError extends RetryLaterError {
  override name = "RegistryAccessError";
}
