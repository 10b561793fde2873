import { isDigest, type Digest } from "./digest.ts";
import { printable } from "./printable.ts";

declare const registryBrand: unique symbol;
declare const repositoryBrand: unique symbol;
declare const tagBrand: unique symbol;

/** Host of a registry with its port where it has one, lower case: `shop.azurecr.io`, `localhost:5000`. */
export type RegistryHost = string & { readonly [registryBrand]: true };

/** Repository path inside a registry: `team/web`. At most 255 characters. */
export type Repository = string & { readonly [repositoryBrand]: true };

/** A movable label, kept to inform people. What is scanned is always a digest. */
export type Tag = string & { readonly [tagBrand]: true };

/** Exactly one manifest in one registry. */
export interface ImageReference {
  readonly registry: RegistryHost;
  readonly repository: Repository;
  readonly digest: Digest;
}

// Grammar of the OCI distribution specification 1.1 (pulling manifests). None of these can start with "-" or hold
// white space, so a reference built from them is safe in an argument list and in a URL path.
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::[0-9]{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

export function isRegistryHost(text: string): text is RegistryHost {
  return text.length <= 260 && HOST.test(text);
}

export function isRepository(text: string): text is Repository {
  return text.length <= 255 && REPOSITORY.test(text);
}

export function isTag(text: string): text is Tag {
  return TAG.test(text);
}

/** Accepts upper case, since DNS does. */
export function parseRegistryHost(text: string): RegistryHost {
  const host = text.toLowerCase();
  if (!isRegistryHost(host)) throw new InvalidReferenceError("a registry host", text, "for example shop.azurecr.io");
  return host;
}

export function parseRepository(text: string): Repository {
  if (!isRepository(text)) throw new InvalidReferenceError("a repository", text, "for example team/web");
  return text;
}

export function parseTag(text: string): Tag {
  if (!isTag(text)) throw new InvalidReferenceError("a tag", text, "for example 1.4.2");
  return text;
}

/** `registry/repository@digest`; a tag before the `@` is refused, because it would say two things at once. */
export function parseImageReference(text: string): ImageReference {
  const [, registry, repository, digest] = /^([^/]+)\/([^@]+)@(.+)$/.exec(text) ?? [];
  if (registry === undefined || repository === undefined || digest === undefined || !isDigest(digest))
    throw new InvalidReferenceError("an image", text, "for example shop.azurecr.io/team/web@sha256:…");
  return {
    registry: parseRegistryHost(registry),
    repository: parseRepository(repository),
    digest,
  };
}

export function formatImageReference({ registry, repository, digest }: ImageReference): string {
  return `${registry}/${repository}@${digest}`;
}

export class InvalidReferenceError extends Error {
  override name = "InvalidReferenceError";

  constructor(what: string, text: string, example: string) {
    super(`Not ${what}: "${printable(text)}"; ${example}.`);
  }
}
