import type { FileEntry } from "../layer.ts";
import { elfFile } from "./elf-file.ts";

export interface GoBinary {
  /** Path in the image, `app/server` when not given. */
  readonly path?: string;
  /** Of the main module. */
  readonly modulePath: string;
  /** go1.21.8 */
  readonly goVersion: string;
  readonly modules: readonly GoModule[];
}

export interface GoModule {
  readonly path: string;
  /** v0.22.0 */
  readonly version: string;
}

/** An executable that cannot run but says, as every Go program since 1.18 does, which modules it was built from. */
export function goBinary(binary: GoBinary): FileEntry {
  return { path: binary.path ?? "app/server", mode: 0o755, content: elfFile(buildInfo(binary)) };
}

/**
 * https://github.com/golang/go/blob/go1.22.0/src/debug/buildinfo/buildinfo.go: a header of 32 bytes, then two strings, each
 * after its length as a varint.
 */
function buildInfo({ goVersion, modulePath, modules }: GoBinary): Buffer {
  const header = Buffer.alloc(32);
  header.write("\xff Go buildinf:", "latin1");
  header.writeUInt8(POINTER_BYTES, 14);
  header.writeUInt8(STRINGS_ARE_INLINE, 15);
  const info = [
    `path\t${modulePath}`,
    `mod\t${modulePath}\t(devel)`,
    ...modules.map(({ path, version }) => `dep\t${path}\t${version}`),
    "",
  ].join("\n");
  return Buffer.concat([
    header,
    lengthPrefixed(Buffer.from(goVersion)),
    lengthPrefixed(Buffer.concat([INFO_START, Buffer.from(info), INFO_END])),
  ]);
}

const POINTER_BYTES = 8;
const STRINGS_ARE_INLINE = 2;

// https://github.com/golang/go/blob/go1.22.0/src/cmd/go/internal/modload/build.go
const INFO_START = Buffer.from("3077af0c9274080241e1c107e6d618e6", "hex");
const INFO_END = Buffer.from("f932433186182072008242104116d8f2", "hex");

function lengthPrefixed(bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
