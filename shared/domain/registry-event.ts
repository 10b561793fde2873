import type { Digest } from "./digest.ts";
import type { RegistryHost, Repository, Tag } from "./image-reference.ts";

/** What a registry told us, whoever brought the news: Event Grid, or a CNCF distribution registry's notifications. */
export type RegistryEvent = ImagePushed | ImageDeleted | ImagePulled;

interface AboutManifest {
  readonly registry: RegistryHost;
  readonly repository: Repository;
  readonly occurredAt: Date;
}

/** A push or an import: both look the same from here. One push may be told several times, with and without its tag. */
export interface ImagePushed extends AboutManifest {
  readonly kind: "pushed";
  /** Missing when the sender left it out; then the tag is there and has to be resolved. */
  readonly digest?: Digest | undefined;
  readonly tag?: Tag | undefined;
}

export interface ImageDeleted extends AboutManifest {
  readonly kind: "deleted";
  readonly digest: Digest;
}

export interface ImagePulled extends AboutManifest {
  readonly kind: "pulled";
  readonly digest: Digest;
  readonly tag?: Tag | undefined;
  readonly puller: Puller;
}

/** Who pulled, as far as the registry knows. Both come from outside and are shown, never trusted. */
export interface Puller {
  readonly identity?: string | undefined;
  readonly userAgent?: string | undefined;
}
