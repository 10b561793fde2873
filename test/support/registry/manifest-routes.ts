import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import * as z from "zod";

import { isDigest, parseDigest, type Digest } from "../../../shared/domain/digest.ts";
import { isRepository, isTag } from "../../../shared/domain/image-reference.ts";
import type { StoredManifest, StoredRepository } from "./registry-content.ts";
import { readContent, RegistryProblem, sendContent, type RegistryExchange } from "./registry-exchange.ts";
import type { RegistryParts, RegistryRoute } from "./registry-routes.ts";

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

const descriptor = z.object({ digest: z.string(), urls: z.array(z.string()).optional() });

/** What the registry reads of manifests and indexes. */
const manifestLinks = z.object({
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
  subject: descriptor.optional(),
});

export function manifestRoutes({ content, notifications, referrersApi }: RegistryParts): readonly RegistryRoute[] {
  const path = /^\/v2\/(.+)\/manifests\/([^/]+)$/;

  return [
    { methods: ["GET", "HEAD"], path, action: "pull", handle: read },
    { methods: ["PUT"], path, action: "push", handle: write },
    { methods: ["DELETE"], path, action: "delete", handle: remove },
  ];

  async function read(exchange: RegistryExchange, repository: string, reference: string): Promise<void> {
    const known = content.repositories.get(repository);
    if (!known) throw new RegistryProblem(404, "NAME_UNKNOWN");
    const manifest = find(known, reference);
    const target = {
      mediaType: manifest.mediaType,
      size: manifest.content.byteLength,
      digest: manifest.digest,
      repository,
    };
    notifications.send(exchange, "pull", isDigest(reference) ? target : { ...target, tag: reference });
    const headers = { "content-type": manifest.mediaType, "docker-content-digest": manifest.digest };
    await sendContent(exchange, 200, headers, manifest.content.byteLength, () => Readable.from([manifest.content]));
  }

  async function write(exchange: RegistryExchange, repository: string, reference: string): Promise<void> {
    if (!isRepository(repository)) throw new RegistryProblem(400, "NAME_INVALID");
    const bytes = await readContent(exchange.request, MAX_MANIFEST_BYTES);
    const digest = parseDigest(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    if (isDigest(reference) ? reference !== digest : !isTag(reference))
      throw new RegistryProblem(400, "DIGEST_INVALID");
    const links = parseLinks(bytes);
    const known = content.repository(repository);
    requireParts(known, links);

    const mediaType = exchange.request.headers["content-type"] ?? "application/vnd.oci.image.manifest.v1+json";
    known.manifests.set(digest, { digest, mediaType, content: bytes });
    const target = { mediaType, size: bytes.byteLength, digest, repository };
    if (isDigest(reference)) notifications.send(exchange, "push", target);
    else {
      known.tags.set(reference, digest);
      notifications.send(exchange, "push", { ...target, tag: reference });
    }
    exchange.response.writeHead(201, {
      location: `${exchange.url.origin}/v2/${repository}/manifests/${digest}`,
      "docker-content-digest": digest,
      ...(referrersApi && links.subject && { "oci-subject": links.subject.digest }),
      "content-length": 0,
    });
    exchange.response.end();
  }

  /** By digest takes the tags along, each with its own event, as CNCF distribution does. */
  function remove(exchange: RegistryExchange, repository: string, reference: string): void {
    const known = content.repositories.get(repository);
    if (!known) throw new RegistryProblem(404, "NAME_UNKNOWN");
    const { digest } = find(known, reference);
    if (isDigest(reference)) {
      known.manifests.delete(digest);
      notifications.send(exchange, "delete", { digest, repository });
    }
    const untagged = isDigest(reference) ? tagsOf(known, digest) : [reference];
    for (const tag of untagged) {
      known.tags.delete(tag);
      notifications.send(exchange, "delete", { repository, tag });
    }
    exchange.response.writeHead(202, { "content-length": 0 }).end();
  }
}

function find(known: StoredRepository, reference: string): StoredManifest {
  const digest = isDigest(reference) ? reference : known.tags.get(reference);
  const manifest = digest && known.manifests.get(digest);
  if (!manifest) throw new RegistryProblem(404, "MANIFEST_UNKNOWN");
  return manifest;
}

function parseLinks(bytes: Buffer): z.infer<typeof manifestLinks> {
  try {
    return manifestLinks.parse(JSON.parse(bytes.toString()));
  } catch {
    throw new RegistryProblem(400, "MANIFEST_INVALID");
  }
}

/** A subject may be missing; everything else must have been pushed first. */
function requireParts(
  known: StoredRepository,
  { config, layers = [], manifests = [] }: z.infer<typeof manifestLinks>,
): void {
  const blobs = [...(config ? [config] : []), ...layers.filter(({ urls = [] }) => urls.length === 0)];
  const missing = (digest: string, held: { has: (digest: Digest) => boolean }) =>
    !isDigest(digest) || !held.has(digest);
  if (
    blobs.some(({ digest }) => missing(digest, known.blobs)) ||
    manifests.some(({ digest }) => missing(digest, known.manifests))
  )
    throw new RegistryProblem(404, "MANIFEST_BLOB_UNKNOWN");
}

function tagsOf(known: StoredRepository, digest: Digest): readonly string[] {
  return [...known.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
}
