import { isDigest } from "../../../shared/domain/digest.ts";
import { isRepository } from "../../../shared/domain/image-reference.ts";
import { RegistryProblem, type RegistryExchange } from "./registry-exchange.ts";
import type { Upload } from "./registry-content.ts";
import type { RegistryParts, RegistryRoute } from "./registry-routes.ts";

/** Blobs come in whole (POST and PUT, or POST with the digest), in chunks (PATCH), or from another repository (mount). */
export function uploadRoutes({ content, notifications }: RegistryParts): readonly RegistryRoute[] {
  const uploadPath = /^\/v2\/(.+)\/blobs\/uploads\/([0-9a-f-]{36})$/;

  return [
    { methods: ["POST"], path: /^\/v2\/(.+)\/blobs\/uploads\/$/, action: "push", handle: start },
    { methods: ["PATCH"], path: uploadPath, action: "push", handle: append },
    {
      methods: ["PUT"],
      path: uploadPath,
      action: "push",
      handle: async (exchange, repository, id) => finish(exchange, repository, held(id)),
    },
    {
      methods: ["GET"],
      path: uploadPath,
      action: "push",
      handle: (exchange, repository, id) => progress(exchange, 204, repository, held(id)),
    },
  ];

  async function start(exchange: RegistryExchange, repository: string): Promise<void> {
    if (!isRepository(repository)) throw new RegistryProblem(400, "NAME_INVALID");
    const { searchParams } = exchange.url;
    const mount = searchParams.get("mount") ?? "";
    const from = searchParams.get("from") ?? "";
    if (isDigest(mount) && content.repositories.get(from)?.blobs.has(mount)) {
      content.repository(repository).blobs.add(mount);
      const size = await content.blobSize(mount);
      const target = { mediaType: "application/octet-stream", size, digest: mount, repository, fromRepository: from };
      notifications.send(exchange, "mount", target);
      created(exchange, repository, mount);
    } else if (searchParams.has("digest")) await finish(exchange, repository, content.startUpload());
    else progress(exchange, 202, repository, content.startUpload());
  }

  async function append(exchange: RegistryExchange, repository: string, id: string): Promise<void> {
    const upload = held(id);
    const [, from] = /^(?:bytes )?(\d+)-\d+/.exec(exchange.request.headers["content-range"] ?? "") ?? [];
    if (from !== undefined && Number(from) !== upload.size) throw new RegistryProblem(416, "BLOB_UPLOAD_INVALID");
    await content.append(upload, exchange.request);
    progress(exchange, 202, repository, upload);
  }

  async function finish(exchange: RegistryExchange, repository: string, upload: Upload): Promise<void> {
    await content.append(upload, exchange.request);
    const digest = await content.finish(upload, exchange.url.searchParams.get("digest") ?? "");
    if (!digest) throw new RegistryProblem(400, "DIGEST_INVALID");
    content.repository(repository).blobs.add(digest);
    const target = { mediaType: "application/octet-stream", size: upload.size, digest, repository };
    notifications.send(exchange, "push", target);
    created(exchange, repository, digest);
  }

  function held(id: string): Upload {
    const upload = content.uploads.get(id);
    if (!upload) throw new RegistryProblem(404, "BLOB_UPLOAD_UNKNOWN");
    return upload;
  }
}

function progress({ response, url }: RegistryExchange, status: number, repository: string, upload: Upload): void {
  response.writeHead(status, {
    location: `${url.origin}/v2/${repository}/blobs/uploads/${upload.id}`,
    range: `0-${Math.max(upload.size - 1, 0)}`,
    "docker-upload-uuid": upload.id,
    "content-length": 0,
  });
  response.end();
}

function created({ response, url }: RegistryExchange, repository: string, digest: string): void {
  response.writeHead(201, {
    location: `${url.origin}/v2/${repository}/blobs/${digest}`,
    "docker-content-digest": digest,
    "content-length": 0,
  });
  response.end();
}
