import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBbolt } from "./decode-bbolt.ts";
import { encodeBbolt, type Bucket } from "./encode-bbolt.ts";

// Files made by encodeBbolt passed the `Check` of bbolt 1.5 itself; decodeBbolt repeats what that looks at.
describe("encodeBbolt", () => {
  it("writes buckets that are read back, whatever their shape", () => {
    fc.assert(
      fc.property(bucketOfAnything(), (bucket) => {
        expect(decodeBbolt(encodeBbolt(bucket))).toEqual(bucket);
      }),
    );
  });

  it("writes trees of several levels and values longer than a page", () => {
    const entries = numbered(12_000, (index) => Buffer.alloc(index % 1_000 === 0 ? 10_000 : 50, index));

    const read = decodeBbolt(encodeBbolt(new Map([["vulnerability", entries]])));

    expect(read.get("vulnerability")).toEqual(entries);
  });

  it("keeps small buckets in the leaf of their parent", () => {
    const packages = numbered(1_000, () => new Map([["CVE-2024-6119", Buffer.from("{}")]]));

    const file = encodeBbolt(new Map([["debian 12", packages]]));

    expect(decodeBbolt(file).get("debian 12")).toEqual(packages);
    expect(file.length).toBeLessThan(packages.size * 120);
  });

  it("sorts keys by their bytes, and so gives the same file in whatever order the entries come", () => {
    const keys = ["\u{10000}", "\uffff", "zlib", "openssl", "Z", "ä"];
    const bucketOf = (order: readonly string[]) =>
      new Map(order.map((key) => [key, new Map([["value", Buffer.alloc(5_000, key)]])]));

    const file = encodeBbolt(bucketOf(keys));

    expect([...decodeBbolt(file).keys()]).toEqual(["Z", "openssl", "zlib", "ä", "\uffff", "\u{10000}"]);
    expect(encodeBbolt(bucketOf(keys.toReversed()))).toEqual(file);
  });

  it("refuses an empty key, which bbolt cannot hold", () => {
    expect(() => encodeBbolt(new Map([["", Buffer.from("1")]]))).toThrow("empty key");
  });
});

describe("decodeBbolt", () => {
  const file = encodeBbolt(new Map([["vulnerability", numbered(500, () => Buffer.alloc(30))]]));

  it.each([
    ["a meta page that was changed", 4096 + 40],
    ["a page that bears another's number", 4 * 4096],
    ["keys out of order", file.indexOf("000100")],
  ])("refuses %s", (_what, offset) => {
    const damaged = Buffer.from(file);
    damaged.writeUInt8(damaged.readUInt8(offset) ^ 0xff, offset);

    expect(() => decodeBbolt(damaged)).toThrow();
  });
});

function bucketOfAnything(): fc.Arbitrary<Bucket> {
  const key = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
  const value = fc.uint8Array({ maxLength: 6_000 }).map((bytes) => Buffer.from(bytes));
  const { bucket } = fc.letrec<{ bucket: Bucket; entry: Bucket | Buffer }>((tie) => ({
    bucket: fc.array(fc.tuple(key, tie("entry")), { maxLength: 40 }).map((entries) => new Map(entries)),
    entry: fc.oneof({ maxDepth: 3 }, value, tie("bucket")),
  }));
  return bucket;
}

function numbered<Value>(count: number, make: (index: number) => Value): Map<string, Value> {
  return new Map(Array.from({ length: count }, (_, index) => [index.toString().padStart(6, "0"), make(index)]));
}
