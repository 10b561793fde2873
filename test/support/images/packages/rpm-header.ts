/** What a header must carry for a scanner to name the package. */
export interface RpmHeader {
  readonly name: string;
  readonly epoch?: number;
  readonly version: string;
  readonly release: string;
  readonly architecture: string;
  readonly sourceRpm: string;
  readonly vendor: string;
  readonly modularityLabel?: string;
}

/**
 * An rpm version 4 header, without the magic bytes it has in a package file: two lengths, an index of 16-byte entries,
 * then the data. Its first entry frames the rest as immutable; the frame's trailer ends the data.
 * https://rpm-software-management.github.io/rpm/manual/format_header.html
 */
export function rpmHeader(header: RpmHeader): Uint8Array {
  const tags = tagsOf(header);
  const data: Buffer[] = [];
  const index: Buffer[] = [];
  let offset = 0;
  for (const { tag, value } of tags) {
    const padding = typeof value === "number" ? -offset & 3 : 0;
    const bytes = typeof value === "number" ? uint32(value) : Buffer.from(`${value}\0`);
    index.push(indexEntry(tag, typeof value === "number" ? TYPE.int32 : TYPE.string, offset + padding, 1));
    data.push(Buffer.alloc(padding), bytes);
    offset += padding + bytes.length;
  }
  const entries = index.length + 1;
  const trailer = indexEntry(TAG.headerImmutable, TYPE.binary, -entries * ENTRY_BYTES, ENTRY_BYTES);
  const frame = indexEntry(TAG.headerImmutable, TYPE.binary, offset, ENTRY_BYTES);
  return Buffer.concat([uint32(entries), uint32(offset + ENTRY_BYTES), frame, ...index, ...data, trailer]);
}

/** In ascending order, as rpm writes them. */
function tagsOf(header: RpmHeader): readonly { readonly tag: number; readonly value: string | number }[] {
  return [
    { tag: TAG.name, value: header.name },
    { tag: TAG.version, value: header.version },
    { tag: TAG.release, value: header.release },
    ...(header.epoch === undefined ? [] : [{ tag: TAG.epoch, value: header.epoch }]),
    { tag: TAG.vendor, value: header.vendor },
    { tag: TAG.architecture, value: header.architecture },
    { tag: TAG.sourceRpm, value: header.sourceRpm },
    ...(header.modularityLabel === undefined ? [] : [{ tag: TAG.modularityLabel, value: header.modularityLabel }]),
  ];
}

// https://github.com/rpm-software-management/rpm/blob/rpm-4.16.0-release/lib/rpmtag.h
const TAG = {
  headerImmutable: 63,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  architecture: 1022,
  sourceRpm: 1044,
  modularityLabel: 5096,
} as const;

const TYPE = { int32: 4, string: 6, binary: 7 } as const;

const ENTRY_BYTES = 16;

function indexEntry(tag: number, type: number, offset: number, count: number): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.writeInt32BE(tag, 0);
  entry.writeInt32BE(type, 4);
  entry.writeInt32BE(offset, 8);
  entry.writeInt32BE(count, 12);
  return entry;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
