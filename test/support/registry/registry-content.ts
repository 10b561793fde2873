import { createHash, randomUUID, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { parseDigest, type Digest } from "../../../shared/domain/digest.ts";

export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface StoredRepository {
  readonly blobs: Set<Digest>;
  readonly manifests: Map<Digest, StoredManifest>;
  readonly tags: Map<string, Digest>;
}

export interface Upload {
  readonly id: string;
  size: number;
  readonly hash: Hash;
}

/** What a registry holds: manifests in memory, blobs as files in a temporary directory, so that images may be large. */
export interface RegistryContent {
  readonly repositories: Map<string, StoredRepository>;
  readonly repository: (name: string) => StoredRepository;
  readonly uploads: Map<string, Upload>;
  readonly startUpload: () => Upload;
  readonly append: (upload: Upload, body: Readable) => Promise<void>;
  /** Undefined when the bytes are not those of `expected`; the upload is over either way. */
  readonly finish: (upload: Upload, expected: string) => Promise<Digest | undefined>;
  readonly blobSize: (digest: Digest) => Promise<number>;
  readonly openBlob: (digest: Digest, range: { readonly start: number; readonly end: number }) => Readable;
  readonly remove: () => Promise<void>;
}

export async function openRegistryContent(): Promise<RegistryContent> {
  const directory = await mkdtemp(join(tmpdir(), "registry-"));
  await mkdir(join(directory, "blobs"));
  const repositories = new Map<string, StoredRepository>();
  const uploads = new Map<string, Upload>();
  const blobPath = (digest: Digest) => join(directory, "blobs", digest.replace(":", "-"));
  const uploadPath = ({ id }: Upload) => join(directory, id);

  return {
    repositories,
    repository: (name) => {
      const known = repositories.get(name) ?? { blobs: new Set(), manifests: new Map(), tags: new Map() };
      repositories.set(name, known);
      return known;
    },
    uploads,
    startUpload: () => {
      const upload = { id: randomUUID(), size: 0, hash: createHash("sha256") };
      uploads.set(upload.id, upload);
      return upload;
    },
    append: async (upload, body) => {
      const measure = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          upload.size += chunk.byteLength;
          upload.hash.update(chunk);
          yield chunk;
        }
      };
      await pipeline(body, measure, createWriteStream(uploadPath(upload), { flags: "a" }));
    },
    finish: async (upload, expected) => {
      uploads.delete(upload.id);
      const digest = parseDigest(`sha256:${upload.hash.digest("hex")}`);
      if (digest === expected) await rename(uploadPath(upload), blobPath(digest));
      else await rm(uploadPath(upload), { force: true });
      return digest === expected ? digest : undefined;
    },
    blobSize: async (digest) => (await stat(blobPath(digest))).size,
    openBlob: (digest, range) => createReadStream(blobPath(digest), range),
    remove: async () => rm(directory, { recursive: true, force: true }),
  };
}
