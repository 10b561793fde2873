import * as z from "zod";

import { isDigest } from "../../domain/digest.ts";
import { isRepository, isTag } from "../../domain/image-reference.ts";
import type { ImageRegistry, RepositoryReference } from "../../ports/image-registry.ts";
import { foundOrGone } from "./endings.ts";
import { pages } from "./listing.ts";
import { ANY_ACCEPT, JSON_ACCEPT, MANIFEST_ACCEPT } from "./media-types.ts";
import { listReferrers } from "./referrers.ts";
import { registryRequests, type OciClientOptions } from "./registry-requests.ts";
import { digestOf, verifiedContent } from "./verified-content.ts";

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const PAGE_SIZE = 100;

// Docker's registry says null where it has none.
const tagPage = z.object({ tags: z.array(z.string().refine(isTag)).nullable() });
const catalogPage = z.object({ repositories: z.array(z.string().refine(isRepository)).nullable() });

/** Any registry that speaks the OCI distribution protocol 1.1 or Docker's before it. Reads only. */
export function ociImageRegistry(options: OciClientOptions): ImageRegistry {
  const ask = registryRequests(options);

  const askManifest = (
    method: "GET" | "HEAD",
    { registry, repository }: RepositoryReference,
    reference: string,
    signal: AbortSignal | undefined,
  ) =>
    ask({
      registry,
      method,
      path: `/v2/${repository}/manifests/${reference}`,
      accept: MANIFEST_ACCEPT,
      purpose: `pull ${repository}`,
      maxBytes: MAX_MANIFEST_BYTES,
      signal,
    });

  return {
    readManifest: async (image, signal) => {
      const answer = foundOrGone(await askManifest("GET", image, image.digest, signal));
      if (!answer) return undefined;
      const [mediaType = ""] = (answer.headers.get("content-type") ?? "").toLowerCase().split(";");
      return {
        digest: image.digest,
        mediaType: mediaType.trim(),
        content: verifiedContent(answer, image.digest),
      };
    },

    exists: async (image, signal) => {
      const head = await askManifest("HEAD", image, image.digest, signal);
      if (head.status === 200) return true;
      // A HEAD that found nothing has no body to say whether it is the registry's word.
      return foundOrGone(await askManifest("GET", image, image.digest, signal)) !== undefined;
    },

    resolveTag: async (repository, tag, signal) => {
      const head = await askManifest("HEAD", repository, tag, signal);
      const digest = head.headers.get("docker-content-digest") ?? "";
      if (head.status === 200 && isDigest(digest)) return digest;
      // The header is optional, and a HEAD that found nothing has no body to say whether it is the registry's word.
      const answer = foundOrGone(await askManifest("GET", repository, tag, signal));
      return answer && digestOf(answer.content);
    },

    readBlob: async ({ registry, repository }, digest, { maxBytes, signal }) => {
      const answer = foundOrGone(
        await ask({
          registry,
          method: "GET",
          path: `/v2/${repository}/blobs/${digest}`,
          accept: ANY_ACCEPT,
          purpose: `pull ${repository}`,
          maxBytes,
          signal,
        }),
      );
      return answer && verifiedContent(answer, digest);
    },

    listTags: async function* ({ registry, repository }, signal) {
      const path = `/v2/${repository}/tags/list?n=${PAGE_SIZE}`;
      const request = { registry, path, accept: JSON_ACCEPT, purpose: `list ${repository}`, signal };
      for await (const { tags } of pages(ask, request, tagPage)) yield* tags ?? [];
    },

    listRepositories: async function* (registry, signal) {
      const path = `/v2/_catalog?n=${PAGE_SIZE}`;
      const request = { registry, path, accept: JSON_ACCEPT, purpose: "catalog", signal };
      for await (const { repositories } of pages(ask, request, catalogPage)) yield* repositories ?? [];
    },

    listReferrers: (image, options = {}) => listReferrers(ask, image, options),
  };
}
