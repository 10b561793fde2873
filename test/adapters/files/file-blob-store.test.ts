import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { fileBlobStore } from "../../../shared/adapters/files/file-blob-store.ts";
import { blobStoreContract } from "../../contract/blob-store.contract.ts";

blobStoreContract(async () => {
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-blob-store-"));
  return { store: fileBlobStore(join(directory, "blobs")), close: async () => rm(directory, { recursive: true }) };
});

describe("fileBlobStore", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "tidewatch-blob-store-"));
  });

  afterEach(async () => rm(directory, { recursive: true }));

  it("has what an earlier one saved in the same directory", async () => {
    await fileBlobStore(directory).save("sboms/1", Buffer.from("content"));

    expect(String(await fileBlobStore(directory).read("sboms/1"))).toBe("content");
  });

  it("moves the file that it is given, when both are on one file system", async () => {
    const source = join(directory, "source");
    await writeFile(source, "content");
    const { ino } = await stat(source);

    await fileBlobStore(directory).saveFile("report", source);

    expect((await stat(join(directory, "report"))).ino).toBe(ino);
  });

  it("copies the file that it is given from another file system, and removes it there", async ({ skip }) => {
    const otherFileSystem = "/dev/shm";
    const other = await stat(otherFileSystem).catch(() => undefined);
    if (other === undefined || other.dev === (await stat(directory)).dev)
      skip(`${otherFileSystem} is not a file system other than the one of ${directory}`);
    const scratch = await mkdtemp(join(otherFileSystem, "tidewatch-"));
    await writeFile(join(scratch, "report"), "content");
    const store = fileBlobStore(directory);

    await store.saveFile("report", join(scratch, "report"));
    const left = await readdir(scratch);
    await rm(scratch, { recursive: true });

    expect([String(await store.read("report")), left]).toEqual(["content", []]);
  });

  it("removes what a killed process left half written", async () => {
    const incoming = join(directory, "_incoming");
    await mkdir(incoming);
    await writeFile(join(incoming, "0f3c"), "half a rep");

    fileBlobStore(directory);

    expect(await readdir(incoming)).toEqual([]);
  });

  it("leaves nothing behind when a write fails", async () => {
    await expect(fileBlobStore(directory).saveFile("report", join(directory, "missing"))).rejects.toThrow("ENOENT");

    expect(await readdir(directory, { recursive: true })).toEqual(["_incoming"]);
  });
});
