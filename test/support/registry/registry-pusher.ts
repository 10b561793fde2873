import { createHash } from "node:crypto";

import { parseDigest, type Digest } from "../../../shared/domain/digest.ts";

export interface RegistryPusher {
  readonly pushBlob: (repository: string, content: Uint8Array) => Promise<Digest>;
  /** Under the tag, or by digest alone when there is none. */
  readonly pushManifest: (repository: string, manifest: PushedManifest) => Promise<Digest>;
  /** A manifest with a config and one layer that belong to this text alone. */
  readonly pushImage: (repository: string, text: string, tag?: string) => Promise<Digest>;
  readonly deleteManifest: (repository: string, digest: Digest) => Promise<void>;
}

export interface PushedManifest {
  readonly content: { readonly mediaType: string } & Readonly<Record<string, unknown>>;
  readonly tag?: string;
}

const IMAGE_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** Pushes by the same protocol to any registry, with a name and a password where it asks for them (Basic). */
export function registryPusher(
  url: string,
  account?: { readonly username: string; readonly password: string },
): RegistryPusher {
  const authorization: Record<string, string> = account
    ? { authorization: `Basic ${Buffer.from(`${account.username}:${account.password}`).toString("base64")}` }
    : {};

  const send = async (
    method: string,
    target: string | URL,
    expected: number,
    body?: Uint8Array,
    mediaType?: string,
  ) => {
    const response = await fetch(target, {
      method,
      headers: { ...authorization, ...(mediaType !== undefined && { "content-type": mediaType }) },
      ...(body && { body: Uint8Array.from(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (response.status !== expected) throw new Error(`${method} ${String(target)}: ${response.status} ${text}`);
    return response;
  };

  const pushBlob = async (repository: string, content: Uint8Array) => {
    const digest = sha256(content);
    const started = await send("POST", `${url}/v2/${repository}/blobs/uploads/`, 202);
    const target = new URL(started.headers.get("location") ?? "", url);
    target.searchParams.set("digest", digest);
    await send("PUT", target, 201, content, "application/octet-stream");
    return digest;
  };

  const pushManifest = async (repository: string, { content, tag }: PushedManifest) => {
    const bytes = Buffer.from(JSON.stringify(content));
    const digest = sha256(bytes);
    await send("PUT", `${url}/v2/${repository}/manifests/${tag ?? digest}`, 201, bytes, content.mediaType);
    return digest;
  };

  return {
    pushBlob,
    pushManifest,
    pushImage: async (repository, text, tag) => {
      const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", comment: text }));
      const layer = Buffer.from(`layer of ${text}`);
      const content = {
        schemaVersion: 2,
        mediaType: IMAGE_MANIFEST,
        config: {
          mediaType: "application/vnd.oci.image.config.v1+json",
          digest: await pushBlob(repository, config),
          size: config.byteLength,
        },
        layers: [
          {
            mediaType: "application/vnd.oci.image.layer.v1.tar",
            digest: await pushBlob(repository, layer),
            size: layer.byteLength,
          },
        ],
      };
      return pushManifest(repository, tag === undefined ? { content } : { content, tag });
    },
    deleteManifest: async (repository, digest) => {
      await send("DELETE", `${url}/v2/${repository}/manifests/${digest}`, 202);
    },
  };
}

function sha256(content: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(content).digest("hex")}`);
}
