import type { Etag } from "../../ports/image-store.ts";

/** Versions are random, and in quotes an etag. */
export function toEtag(version: string): Etag {
  return `"${version}"`;
}

export function toVersion(etag: Etag): string {
  return etag.slice(1, -1);
}
