/**
 * Pages of a bbolt file (little endian), after internal/common/{page,meta,bucket}.go of go.etcd.io/bbolt 1.5:
 * a header {id u64, kind u16, count u16, overflow u32}, 16 bytes for each entry, then the keys and values.
 */
export const PAGE_SIZE = 4096;
export const HEADER_SIZE = 16;
export const ELEMENT_SIZE = 16;
export const PAGE_KIND = { branch: 0x01, leaf: 0x02, meta: 0x04, freelist: 0x10 } as const;

export interface LeafEntry {
  readonly key: Buffer;
  readonly value: Buffer;
  /** The value is a {@link bucketHeader}, and when it names no page, the leaf page of the bucket follows. */
  readonly isBucket: boolean;
}

/** Keys from {@link key} up to the next entry's are below the page {@link child}. */
export interface BranchEntry {
  readonly key: Buffer;
  readonly child: number;
}

/** As long as its content; the caller pads it to whole pages, or not when it lives inside a value. */
export function leafPage(id: number, entries: readonly LeafEntry[]): Buffer {
  const page = startPage(id, PAGE_KIND.leaf, entries.length, contentSize(entries, leafSize));
  let data = HEADER_SIZE + entries.length * ELEMENT_SIZE;
  for (const [index, { key, value, isBucket }] of entries.entries()) {
    const element = HEADER_SIZE + index * ELEMENT_SIZE;
    page.writeUInt32LE(isBucket ? 1 : 0, element);
    page.writeUInt32LE(data - element, element + 4);
    page.writeUInt32LE(key.length, element + 8);
    page.writeUInt32LE(value.length, element + 12);
    data += key.copy(page, data);
    data += value.copy(page, data);
  }
  return page;
}

export function branchPage(id: number, entries: readonly BranchEntry[]): Buffer {
  const page = startPage(id, PAGE_KIND.branch, entries.length, contentSize(entries, branchSize));
  let data = HEADER_SIZE + entries.length * ELEMENT_SIZE;
  for (const [index, { key, child }] of entries.entries()) {
    const element = HEADER_SIZE + index * ELEMENT_SIZE;
    page.writeUInt32LE(data - element, element);
    page.writeUInt32LE(key.length, element + 4);
    page.writeBigUInt64LE(BigInt(child), element + 8);
    data += key.copy(page, data);
  }
  return page;
}

export function freelistPage(id: number): Buffer {
  return startPage(id, PAGE_KIND.freelist, 0, HEADER_SIZE);
}

/** Root 0 stands for a bucket inside its parent's leaf. The sequence that follows is only for callers who count. */
export function bucketHeader(rootPage: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeBigUInt64LE(BigInt(rootPage));
  return header;
}

export function leafSize({ key, value }: LeafEntry): number {
  return ELEMENT_SIZE + key.length + value.length;
}

export function branchSize({ key }: BranchEntry): number {
  return ELEMENT_SIZE + key.length;
}

export function contentSize<Entry>(entries: readonly Entry[], entrySize: (entry: Entry) => number): number {
  return entries.reduce((size, entry) => size + entrySize(entry), HEADER_SIZE);
}

function startPage(id: number, kind: number, count: number, size: number): Buffer {
  const page = Buffer.alloc(size);
  page.writeBigUInt64LE(BigInt(id), 0);
  page.writeUInt16LE(kind, 8);
  page.writeUInt16LE(count, 10);
  page.writeUInt32LE(Math.ceil(size / PAGE_SIZE) - 1, 12);
  return page;
}
