import { promisify } from "node:util";
import { buffer } from "node:stream/consumers";
import { gzip } from "node:zlib";
import { pack } from "tar-stream";
import type { Digest } from "../../../shared/domain/digest.ts";
import { blob, sha256, type Blob } from "./descriptor.ts";

/** A regular file of a layer. Paths have no leading slash. A path ending in `.wh.<name>` deletes a file of a lower layer. */
export interface FileEntry {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, 0o644 when not given. */
  readonly mode?: number;
}

export interface Layer extends Blob {
  /** Digest of the tar before compression: what the image's config lists and what Trivy reports. */
  readonly diffId: Digest;
  /** The instruction that made the layer, as the image's history shows it. */
  readonly createdBy: string;
}

export const LAYER_MEDIA_TYPES = {
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  none: "application/vnd.oci.image.layer.v1.tar",
} as const;

export type LayerCompression = keyof typeof LAYER_MEDIA_TYPES;

/** The same files in the same order give the same bytes, whatever the time. */
export async function layer(
  files: readonly FileEntry[],
  createdBy: string,
  compression: LayerCompression = "gzip",
): Promise<Layer & { readonly content: Uint8Array }> {
  const tar = await tarOf(files);
  const content = compression === "gzip" ? await promisify(gzip)(tar) : tar;
  return { ...blob(LAYER_MEDIA_TYPES[compression], content), diffId: sha256(tar), createdBy };
}

async function tarOf(files: readonly FileEntry[]): Promise<Uint8Array> {
  const archive = pack();
  for (const { path, content, mode = 0o644 } of files)
    archive.entry({ name: path, mode, mtime: new Date(0) }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}
