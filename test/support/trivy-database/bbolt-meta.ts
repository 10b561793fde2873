import { HEADER_SIZE, PAGE_KIND, PAGE_SIZE } from "./bbolt-page.ts";

const MAGIC = 0xed0cdaed;
const FORMAT_VERSION = 2;
const CHECKSUM_OFFSET = 56;

export interface Meta {
  readonly rootPage: number;
  readonly freelistPage: number;
  readonly pageCount: number;
}

/** bbolt keeps two and believes the one with the higher transaction number whose checksum is right. */
export function metaPage(id: 0 | 1, meta: Meta): Buffer {
  const page = Buffer.alloc(PAGE_SIZE);
  page.writeBigUInt64LE(BigInt(id), 0);
  page.writeUInt16LE(PAGE_KIND.meta, 8);

  const fields = page.subarray(HEADER_SIZE);
  fields.writeUInt32LE(MAGIC, 0);
  fields.writeUInt32LE(FORMAT_VERSION, 4);
  fields.writeUInt32LE(PAGE_SIZE, 8);
  fields.writeBigUInt64LE(BigInt(meta.rootPage), 16);
  fields.writeBigUInt64LE(BigInt(meta.freelistPage), 32);
  fields.writeBigUInt64LE(BigInt(meta.pageCount), 40);
  fields.writeBigUInt64LE(BigInt(id), 48);
  fields.writeBigUInt64LE(fnv1a64(fields.subarray(0, CHECKSUM_OFFSET)), CHECKSUM_OFFSET);
  return page;
}

/** Throws on a page that bbolt would refuse. */
export function readMeta(page: Buffer): Meta {
  const fields = page.subarray(HEADER_SIZE);
  if (fields.readUInt32LE(0) !== MAGIC || fields.readUInt32LE(4) !== FORMAT_VERSION)
    throw new Error("Not a bbolt file of version 2.");
  if (fields.readBigUInt64LE(CHECKSUM_OFFSET) !== fnv1a64(fields.subarray(0, CHECKSUM_OFFSET)))
    throw new Error("The checksum of a bbolt meta page is wrong.");
  return {
    rootPage: Number(fields.readBigUInt64LE(16)),
    freelistPage: Number(fields.readBigUInt64LE(32)),
    pageCount: Number(fields.readBigUInt64LE(40)),
  };
}

function fnv1a64(bytes: Uint8Array): bigint {
  return bytes.reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n);
}
