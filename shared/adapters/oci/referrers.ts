import * as z from "zod";

import { isDigest } from "../../domain/digest.ts";
import type { ImageReference } from "../../domain/image-reference.ts";
import type { Referrer } from "../../ports/image-registry.ts";
import { foundOrGone, parseAnswer } from "./endings.ts";
import type { Answer } from "./exchange.ts";
import { pages } from "./listing.ts";
import { INDEX_ACCEPT } from "./media-types.ts";
import type { AskRegistry } from "./registry-requests.ts";

const MAX_INDEX_BYTES = 4 * 1024 * 1024;

const descriptor = z.object({
  mediaType: z.string(),
  digest: z.string(),
  size: z.number().int().nonnegative(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const index = z.object({ manifests: z.array(descriptor).nullish() });

/** The referrers API, or where the registry has none, the index that clients keep under a tag made from the digest. */
export async function* listReferrers(
  ask: AskRegistry,
  { registry, repository, digest }: ImageReference,
  { artifactType, signal }: { readonly artifactType?: string | undefined; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Referrer> {
  const common = { registry, accept: INDEX_ACCEPT, purpose: `pull ${repository}`, signal };
  const query = artifactType === undefined ? "" : `?artifactType=${encodeURIComponent(artifactType)}`;
  const path = `/v2/${repository}/referrers/${digest}${query}`;
  let supported = false;
  for await (const page of pages(ask, { ...common, path }, index, foundIfSupported)) {
    supported = true;
    yield* selectReferrers(page, artifactType);
  }
  if (supported) return;

  const tag = digest.replace(":", "-");
  const fallback = foundOrGone(
    await ask({ ...common, path: `/v2/${repository}/manifests/${tag}`, method: "GET", maxBytes: MAX_INDEX_BYTES }),
  );
  if (fallback) yield* selectReferrers(parseAnswer(fallback, index), artifactType);
}

/** The specification's sign of a missing API is 404; some registries answer 400 or 406 (go-containerregistry takes these too). */
function foundIfSupported(answer: Answer): Answer | undefined {
  return [400, 404, 406].includes(answer.status) ? undefined : foundOrGone(answer);
}

/** Registries need not filter by type themselves. Other digests than sha256 cannot be read and are left out. */
function* selectReferrers(page: z.infer<typeof index>, artifactType: string | undefined): Generator<Referrer> {
  for (const { digest, mediaType, size, artifactType: type, annotations } of page.manifests ?? []) {
    if (!isDigest(digest) || (artifactType !== undefined && type !== artifactType)) continue;
    yield {
      digest,
      mediaType,
      sizeInBytes: size,
      ...(type !== undefined && { artifactType: type }),
      annotations: annotations ?? {},
    };
  }
}
