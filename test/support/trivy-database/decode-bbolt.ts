import { readMeta } from "./bbolt-meta.ts";
import type { Bucket } from "./encode-bbolt.ts";
import { ELEMENT_SIZE, HEADER_SIZE, PAGE_KIND, PAGE_SIZE } from "./bbolt-page.ts";

/**
 * Reads a bbolt file as strictly as `bbolt check`: throws when a page is missing, is reached twice or not at all, when
 * keys are out of order, or a branch promises a key that its child does not start with.
 */
export function decodeBbolt(file: Buffer): Bucket {
  const meta = readMeta(file.subarray(PAGE_SIZE, 2 * PAGE_SIZE));
  const unseen = new Set(Array.from({ length: meta.pageCount }, (_, id) => id));
  [0, 1, meta.freelistPage].forEach((id) => unseen.delete(id));
  if (file.length !== meta.pageCount * PAGE_SIZE) throw new Error("The file is not as long as its pages.");

  const root = readBucket(readTree(meta.rootPage));
  if (unseen.size > 0) throw new Error(`Nothing leads to the pages ${[...unseen].slice(0, 10).join(", ")}.`);
  return root;

  function readTree(id: number): readonly Leaf[] {
    const page = take(id);
    if (page.readUInt16LE(8) === PAGE_KIND.leaf) return readLeaf(page);
    return readBranch(page).flatMap(({ key, child }) => {
      const leaves = readTree(child);
      if (leaves[0]?.key.equals(key) !== true) throw new Error(`The branch page ${id} has a wrong key.`);
      return leaves;
    });
  }

  function take(id: number): Buffer {
    const page = file.subarray(id * PAGE_SIZE);
    if (Number(page.readBigUInt64LE(0)) !== id) throw new Error(`The page ${id} calls itself by another number.`);
    for (let used = id; used <= id + page.readUInt32LE(12); used += 1)
      if (!unseen.delete(used)) throw new Error(`The page ${used} does not exist or is used twice.`);
    return page;
  }

  function readBucket(leaves: readonly Leaf[]): Bucket {
    for (const [index, { key }] of leaves.entries())
      if (index > 0 && leaves[index - 1]?.key.compare(key) !== -1)
        throw new Error(`Keys out of order at ${key.toString()}.`);
    return new Map(
      leaves.map(({ key, value, isBucket }) => [key.toString(), isBucket ? readBucket(bucketLeaves(value)) : value]),
    );
  }

  function bucketLeaves(value: Buffer): readonly Leaf[] {
    const rootPage = Number(value.readBigUInt64LE(0));
    return rootPage === 0 ? readLeaf(value.subarray(16)) : readTree(rootPage);
  }
}

interface Leaf {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly isBucket: boolean;
}

function readLeaf(page: Buffer): readonly Leaf[] {
  return elements(page).map((element) => {
    const key = element.readUInt32LE(4);
    const value = key + element.readUInt32LE(8);
    return {
      isBucket: element.readUInt32LE(0) === 1,
      key: element.subarray(key, value),
      value: element.subarray(value, value + element.readUInt32LE(12)),
    };
  });
}

function readBranch(page: Buffer): readonly { readonly key: Buffer; readonly child: number }[] {
  if (page.readUInt16LE(8) !== PAGE_KIND.branch) throw new Error("A page is neither leaf nor branch.");
  return elements(page).map((element) => {
    const key = element.readUInt32LE(0);
    return { key: element.subarray(key, key + element.readUInt32LE(4)), child: Number(element.readBigUInt64LE(8)) };
  });
}

/** Each runs to the end of the file, because positions count from the start of their element. */
function elements(page: Buffer): readonly Buffer[] {
  return Array.from({ length: page.readUInt16LE(10) }, (_, index) => page.subarray(HEADER_SIZE + index * ELEMENT_SIZE));
}
