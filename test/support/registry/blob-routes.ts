import { isDigest, type Digest } from "../../../shared/domain/digest.ts";
import { RegistryProblem, sendContent, type RegistryExchange } from "./registry-exchange.ts";
import type { RegistryParts, RegistryRoute } from "./registry-routes.ts";

export function blobRoutes({ content, notifications }: RegistryParts): readonly RegistryRoute[] {
  const path = /^\/v2\/(.+)\/blobs\/([^/]+)$/;

  return [
    { methods: ["GET", "HEAD"], path, action: "pull", handle: read },
    { methods: ["DELETE"], path, action: "delete", handle: remove },
  ];

  async function read(exchange: RegistryExchange, repository: string, reference: string): Promise<void> {
    const digest = known(repository, reference);
    const size = await content.blobSize(digest);
    const mediaType = "application/octet-stream";
    const headers = { "content-type": mediaType, "docker-content-digest": digest, "accept-ranges": "bytes" };
    notifications.send(exchange, "pull", { mediaType, size, digest, repository });

    const range = parseRange(exchange.request.headers.range, size);
    if (size === 0) {
      exchange.response.writeHead(200, { ...headers, "content-length": 0 }).end();
    } else if (range) {
      const { start, end } = range;
      const partial = { ...headers, "content-range": `bytes ${start}-${end}/${size}` };
      await sendContent(exchange, 206, partial, end - start + 1, () => content.openBlob(digest, range));
    } else await sendContent(exchange, 200, headers, size, () => content.openBlob(digest, { start: 0, end: size - 1 }));
  }

  function remove(exchange: RegistryExchange, repository: string, reference: string): void {
    const digest = known(repository, reference);
    content.repository(repository).blobs.delete(digest);
    notifications.send(exchange, "delete", { digest, repository });
    exchange.response.writeHead(202, { "content-length": 0 }).end();
  }

  function known(repository: string, reference: string): Digest {
    if (!isDigest(reference)) throw new RegistryProblem(400, "DIGEST_INVALID");
    if (!content.repositories.get(repository)?.blobs.has(reference)) throw new RegistryProblem(404, "BLOB_UNKNOWN");
    return reference;
  }
}

/** One range as clients ask for it to go on with a broken download; the whole content for anything else. */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  if (start >= size) throw new RegistryProblem(416, "SIZE_INVALID", { "content-range": `bytes */${size}` });
  return { start, end: to === undefined || to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}
