import { createCipheriv, createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack, type Pack } from "tar-stream";
import { parseDigest, type Digest } from "../../../shared/domain/digest.ts";
import { LAYER_MEDIA_TYPES, type Layer, type LayerCompression } from "./layer.ts";

export interface LargeLayerOptions {
  /** Sum of the files' sizes. */
  readonly bytes: number;
  /** 1 when not given; the bytes are shared out evenly. */
  readonly files?: number;
  /** Layers of different seeds share no bytes. */
  readonly seed: number;
  /** An existing directory for the layer's file. The caller removes it. */
  readonly directory: string;
  /** "none" when not given, since nothing here can be compressed; gzip costs its time and saves nothing. */
  readonly compression?: LayerCompression;
  readonly signal?: AbortSignal;
}

/** A layer of random-looking files, written to disk as it is made, so its size is not bound by memory. The same options give the same bytes. */
export async function largeLayer(options: LargeLayerOptions): Promise<Layer> {
  const { bytes, files = 1, seed, directory, compression = "none", signal } = options;
  const file = join(directory, `layer-${seed}-${bytes}-${files}-${compression}`);
  const tarHash = createHash("sha256");
  const blobHash = createHash("sha256");
  const archive = pack();
  await Promise.all([
    pipeline(
      archive,
      hashing(tarHash),
      compression === "gzip" ? createGzip({ level: 1 }) : new PassThrough(),
      hashing(blobHash),
      createWriteStream(file),
      { signal },
    ),
    writeFiles(archive, options),
  ]);
  return {
    content: { file },
    descriptor: {
      mediaType: LAYER_MEDIA_TYPES[compression],
      digest: digestOf(blobHash),
      size: (await stat(file)).size,
    },
    diffId: digestOf(tarHash),
    createdBy: `COPY model-${seed} /opt/model-${seed}`,
  };
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

function digestOf(hash: Hash): Digest {
  return parseDigest(`sha256:${hash.digest("hex")}`);
}

async function writeFiles(archive: Pack, { bytes, files = 1, seed, signal }: LargeLayerOptions): Promise<void> {
  const random = randomBytesOf(seed);
  for (let index = 0; index < files; index++) {
    const size = Math.floor((bytes * (index + 1)) / files) - Math.floor((bytes * index) / files);
    const header = { name: `opt/model-${seed}/part-${index}.bin`, size, mode: 0o644, mtime: new Date(0) };
    await pipeline(Readable.from(chunks(size, random)), archive.entry(header), { signal });
  }
  archive.finalize();
}

/** A cipher's key stream: as random as needed, and the same on every machine. */
function randomBytesOf(seed: number): (length: number) => Buffer {
  const key = createHash("md5").update(`layer ${seed}`).digest();
  const cipher = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  return (length) => cipher.update(Buffer.alloc(length));
}

function* chunks(size: number, random: (length: number) => Buffer): Generator<Buffer> {
  for (let left = size; left > 0; left -= CHUNK_BYTES) yield random(Math.min(left, CHUNK_BYTES));
}

const CHUNK_BYTES = 1 << 20;
