import { createReadStream } from "node:fs";
import type { Digest } from "../../../shared/domain/digest.ts";
import type { Blob, Manifest } from "./descriptor.ts";
import { registryRequest, type RegistryOptions } from "./registry-request.ts";

export interface PushOptions extends RegistryOptions {
  /** A manifest without a tag can be pulled by its digest only. */
  readonly tags?: readonly string[];
}

export interface PushedManifest {
  readonly repository: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly tags: readonly string[];
}

/**
 * Uploads what the repository does not have yet, then the manifest under its digest and each tag. Pushing the same again
 * moves the tags and uploads nothing.
 *
 * @param registryUrl - for example http://127.0.0.1:5000
 */
export async function push(
  registryUrl: string,
  repository: string,
  manifest: Manifest,
  { tags = [], ...options }: PushOptions = {},
): Promise<PushedManifest> {
  const base = `${registryUrl.replace(/\/$/, "")}/v2/${repository}`;
  // A registry refuses a manifest until all it names is there.
  for (const blob of manifest.blobs) await pushBlob(base, blob, options);
  for (const child of manifest.manifests) await push(registryUrl, repository, child, options);
  const { digest, mediaType, size } = manifest.descriptor;
  for (const reference of [digest, ...tags]) await putManifest(base, reference, manifest, options);
  return { repository, digest, mediaType, size, tags };
}

async function pushBlob(base: string, { descriptor, content }: Blob, options: RegistryOptions): Promise<void> {
  const known = await registryRequest(`${base}/blobs/${descriptor.digest}`, { method: "HEAD" }, [200, 404], options);
  if (known.status === 200) return;
  const upload = await registryRequest(`${base}/blobs/uploads/`, { method: "POST" }, [202], options);
  const location = new URL(upload.headers.get("location") ?? "", upload.url);
  location.searchParams.set("digest", descriptor.digest);
  const body = "file" in content ? createReadStream(content.file) : Buffer.from(content);
  const headers = { "content-type": "application/octet-stream", "content-length": descriptor.size.toString() };
  await registryRequest(location, { method: "PUT", headers, body, ...STREAMED }, [201], options);
}

/** Unless it may neither follow a redirect nor ask for a password, fetch keeps a copy of the whole body to send again. */
const STREAMED = { duplex: "half", redirect: "error", window: null } as const;

async function putManifest(
  base: string,
  reference: string,
  { descriptor, content }: Manifest,
  options: RegistryOptions,
): Promise<void> {
  const headers = { "content-type": descriptor.mediaType };
  const body = Buffer.from(content);
  await registryRequest(`${base}/manifests/${reference}`, { method: "PUT", headers, body }, [201], options);
}
