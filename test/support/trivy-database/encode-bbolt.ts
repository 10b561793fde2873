import { metaPage } from "./bbolt-meta.ts";
import {
  branchPage,
  branchSize,
  bucketHeader,
  contentSize,
  freelistPage,
  HEADER_SIZE,
  leafPage,
  leafSize,
  PAGE_SIZE,
  type BranchEntry,
  type LeafEntry,
} from "./bbolt-page.ts";

/** Keys are not empty and are sorted by their UTF-8 bytes. A bucket among the values is a nested bucket. */
export type Bucket = ReadonlyMap<string, Bucket | Buffer>;

/**
 * The file that bbolt (go.etcd.io/bbolt) would open: written whole, without free pages. The same entries give the same
 * bytes, in whatever order the maps hold them.
 */
export function encodeBbolt(root: Bucket): Buffer {
  const pages = pageList();
  const rootPage = writeTree(pages, leafEntries(pages, root));
  return pages.finish(rootPage);
}

/** Nested buckets are written first, because an entry names the root page of its bucket. */
function leafEntries(pages: PageList, bucket: Bucket): readonly LeafEntry[] {
  if (bucket.has("")) throw new Error("bbolt holds no empty key.");
  return [...bucket]
    .map(([key, value]) => ({ key: Buffer.from(key), value }))
    .sort((left, right) => left.key.compare(right.key))
    .map(({ key, value }) =>
      Buffer.isBuffer(value)
        ? { key, value, isBucket: false }
        : { key, value: bucketValue(pages, value), isBucket: true },
    );
}

/** A small bucket is stored in its parent's leaf, up to the limit bbolt has: a page each would be mostly empty. */
function bucketValue(pages: PageList, bucket: Bucket): Buffer {
  const entries = leafEntries(pages, bucket);
  if (contentSize(entries, leafSize) <= PAGE_SIZE / 4 && entries.every(({ isBucket }) => !isBucket))
    return Buffer.concat([bucketHeader(0), leafPage(0, entries)]);

  return bucketHeader(writeTree(pages, entries));
}

function writeTree(pages: PageList, entries: readonly LeafEntry[]): number {
  let level = writeLevel(pages, entries, leafPage, leafSize);
  while (level.length > 1) level = writeLevel(pages, level, branchPage, branchSize);
  return level[0]?.child ?? pages.append((id) => leafPage(id, []));
}

/** What the level above has to list. */
function writeLevel<Entry extends { readonly key: Buffer }>(
  pages: PageList,
  entries: readonly Entry[],
  encode: (id: number, entries: readonly Entry[]) => Buffer,
  entrySize: (entry: Entry) => number,
): readonly BranchEntry[] {
  return fillPages(entries, entrySize).map((group) => ({
    key: group[0].key,
    child: pages.append((id) => encode(id, group)),
  }));
}

type NonEmpty<Entry> = [Entry, ...Entry[]];

/** An entry longer than a page gets pages of its own. */
function fillPages<Entry>(entries: readonly Entry[], entrySize: (entry: Entry) => number): readonly NonEmpty<Entry>[] {
  const groups: NonEmpty<Entry>[] = [];
  let free = 0;
  for (const entry of entries) {
    const group = groups.at(-1);
    const size = entrySize(entry);
    if (group !== undefined && size <= free) {
      group.push(entry);
      free -= size;
    } else {
      groups.push([entry]);
      free = PAGE_SIZE - HEADER_SIZE - size;
    }
  }
  return groups;
}

interface PageList {
  /** Answers the page's number. A page longer than PAGE_SIZE takes the numbers that follow, too. */
  readonly append: (encode: (id: number) => Buffer) => number;
  readonly finish: (rootPage: number) => Buffer;
}

const FREELIST_PAGE = 2;

function pageList(): PageList {
  const chunks: Buffer[] = [];
  let pageCount = FREELIST_PAGE;

  const append: PageList["append"] = (encode) => {
    const id = pageCount;
    const content = encode(id);
    const pages = Math.ceil(content.length / PAGE_SIZE);
    chunks.push(content, Buffer.alloc(pages * PAGE_SIZE - content.length));
    pageCount += pages;
    return id;
  };
  append(freelistPage);

  return {
    append,
    finish: (rootPage) => {
      const meta = { rootPage, freelistPage: FREELIST_PAGE, pageCount };
      return Buffer.concat([metaPage(0, meta), metaPage(1, meta), ...chunks]);
    },
  };
}
