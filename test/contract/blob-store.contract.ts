import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { BlobStore } from "../../shared/ports/blob-store.ts";

export interface BlobStoreFixture {
  readonly store: BlobStore;
  readonly close: () => Promise<void>;
}

/** What every blob store promises. `open` gives an empty one. */
export function blobStoreContract(openStore: () => Promise<BlobStoreFixture>): void {
  describe("a blob store", () => {
    let store: BlobStore;
    let close: () => Promise<void>;
    let scratch: string;

    beforeEach(async () => {
      ({ store, close } = await openStore());
      scratch = await mkdtemp(join(tmpdir(), "tidewatch-blobs-"));
    });

    afterEach(async () => {
      await close();
      await rm(scratch, { recursive: true });
    });

    it("gives back what was saved, byte for byte", async () => {
      const content = new Uint8Array([0, 255, 10, 13, 128]);

      await store.save("sboms/0a1b.cdx.json", content);

      expect(await bytesOf(store, "sboms/0a1b.cdx.json")).toEqual([...content]);
    });

    it("keeps an empty blob apart from a missing one", async () => {
      await store.save("empty", new Uint8Array());

      expect(await bytesOf(store, "empty")).toEqual([]);
      expect(await store.read("missing")).toBeUndefined();
    });

    it("stores the content of a file", async () => {
      const file = join(scratch, "report.json");
      await writeFile(file, '{"SchemaVersion":2}');

      await store.saveFile("reports/1.json", file);

      expect(await textOf(store, "reports/1.json")).toBe('{"SchemaVersion":2}');
    });

    it("replaces the first content by the second, however it comes", async () => {
      const file = join(scratch, "report.json");
      await writeFile(file, "third");

      await store.save("report", text("first, and longer than what follows"));
      await store.save("report", text("second"));
      const second = await textOf(store, "report");
      await store.saveFile("report", file);

      expect([second, await textOf(store, "report")]).toEqual(["second", "third"]);
    });

    it("shows readers the old or the new content of a blob that is being replaced, never a mixture", async () => {
      const contents = ["a", "b"].map((letter) => letter.repeat(300_000));
      await store.save("report", text(contents[0] ?? ""));

      const writes = Array.from({ length: 10 }, async (_, index) =>
        store.save("report", text(contents[index % 2] ?? "")),
      );
      const reads = await Promise.all(Array.from({ length: 20 }, async () => textOf(store, "report")));
      await Promise.all(writes);

      expect(reads.filter((read) => !contents.includes(read ?? ""))).toEqual([]);
    });

    it("keeps names apart of which one is the beginning of the other", async () => {
      for (const name of ["a", "a/b", "a/b/c", "a.b", "a-b"]) await store.save(name, text(name));

      const names = ["a", "a/b", "a/b/c", "a.b", "a-b"];
      expect(await Promise.all(names.map(async (name) => textOf(store, name)))).toEqual(names);
    });

    it("removes a blob, and has removed one that is not there", async () => {
      await store.save("report", text("content"));

      await store.remove("report");
      await store.remove("report");

      expect(await store.read("report")).toBeUndefined();
    });

    it("lists what was saved before an instant, by the beginning of its name", async () => {
      const before = new Date(Date.now() - 60_000);
      const names = ["reports/1.json", "reports/2.json", "reports.txt", "sboms/1.cdx.json.gz"];
      for (const name of names) await store.save(name, text(name));
      const after = new Date(Date.now() + 60_000);

      const listed = await listOf(store, "reports/", after);
      const all = await listOf(store, "", after);
      const old = await listOf(store, "", before);

      expect(listed).toEqual(["reports/1.json", "reports/2.json"]);
      expect(all).toEqual([...names].sort());
      expect(old).toEqual([]);
    });

    it("goes on listing while blobs are removed", async () => {
      const names = Array.from({ length: 50 }, (_, index) => `reports/${index.toString()}.json`);
      for (const name of names) await store.save(name, text(name));

      const listed: string[] = [];
      for await (const name of store.list("reports/", new Date(Date.now() + 60_000))) {
        listed.push(name);
        await store.remove(name);
      }

      expect(listed.sort()).toEqual(names.sort());
    });

    it.each([
      "",
      ".",
      "..",
      "../secret",
      "a/../b",
      "/etc/passwd",
      "a//b",
      "a/",
      "A",
      "a_b",
      "a\\b",
      "a\0b",
      ".hidden",
      "é",
      "a".repeat(256),
    ])("refuses the name %j for every operation", async (name) => {
      const attempts = [
        async () => store.save(name, text("content")),
        async () => store.saveFile(name, join(scratch, "missing")),
        async () => store.read(name),
        async () => store.remove(name),
      ];

      for (const attempt of attempts) await expect(attempt()).rejects.toThrow("Not a blob name");
    });
  });
}

async function listOf(store: BlobStore, prefix: string, savedBefore: Date): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of store.list(prefix, savedBefore)) names.push(name);
  return names.sort();
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

async function bytesOf(store: BlobStore, name: string): Promise<readonly number[] | undefined> {
  const content = await store.read(name);
  return content && [...content];
}

async function textOf(store: BlobStore, name: string): Promise<string | undefined> {
  const content = await store.read(name);
  return content && new TextDecoder().decode(content);
}
