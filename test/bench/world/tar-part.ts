import { createCipheriv, createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pack } from "tar-stream";
import { parseDigest } from "../../../shared/domain/digest.ts";
import { LAYER_MEDIA_TYPES, type FileEntry, type Layer } from "../../support/images/layer.ts";

/** Files of a layer, compressed once and used in many: members of a gzip file may follow one another (RFC 1952). */
export interface TarPart {
  readonly tar: Buffer;
  readonly gzip: Buffer;
}

export async function tarPart(files: readonly FileEntry[]): Promise<TarPart> {
  const archive = pack();
  for (const { path, content, mode = 0o644 } of files)
    archive.entry({ name: path, mode, mtime: new Date(0) }, Buffer.from(content));
  archive.finalize();
  const tar = (await buffer(archive)).subarray(0, -END_BYTES);
  return { tar, gzip: await promisify(gzip)(tar, { level: 1 }) };
}

/** Two empty blocks end a tar. */
const END_BYTES = 1024;

/** A layer of these parts, in a file of the directory. Another name makes another layer of the same shape. */
export async function layerOf(name: string, parts: readonly TarPart[], directory: string): Promise<Layer> {
  const file = join(directory, name.replaceAll(/\W/g, "-"));
  const end = Buffer.alloc(END_BYTES);
  const all = [
    await tarPart([{ path: "etc/build-id", content: name }]),
    ...parts,
    { tar: end, gzip: await promisify(gzip)(end) },
  ];
  const tarHash = createHash("sha256");
  const blobHash = createHash("sha256");
  const output = createWriteStream(file);
  for (const part of all) {
    tarHash.update(part.tar);
    blobHash.update(part.gzip);
    output.write(part.gzip);
  }
  output.end();
  await finished(output);
  const size = all.reduce((sum, part) => sum + part.gzip.byteLength, 0);
  const digest = parseDigest(`sha256:${blobHash.digest("hex")}`);
  return {
    content: { file },
    descriptor: { mediaType: LAYER_MEDIA_TYPES.gzip, digest, size },
    diffId: parseDigest(`sha256:${tarHash.digest("hex")}`),
    createdBy: `COPY ${name} / # buildkit`,
  };
}

/** Files that compress to somewhat less than half, as programs and texts do. The same on every machine. */
export function fillerFiles(folder: string, count: number, bytes: number): readonly FileEntry[] {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  const each = Math.floor(bytes / count);
  return Array.from({ length: count }, (_, index) => {
    const content = Buffer.alloc(each, "a line of text that compresses well\n");
    cipher.update(Buffer.alloc(Math.floor(each * 0.35))).copy(content);
    return { path: `${folder}/${Math.floor(index / 50)}/file-${index}`, content };
  });
}
