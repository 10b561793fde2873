import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { copyFile, open, opendir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { BlobStore } from "../../ports/blob-store.ts";
import { blobNameOf, fileNameOf } from "./blob-name.ts";
import { isErrorCode } from "./is-error-code.ts";

/**
 * Blobs as files of one directory, made when missing. What a write resolved to is on disk (synced). One process at a
 * time: what another left half written is removed here. Names that are none reject with InvalidBlobNameError.
 */
export function fileBlobStore(directory: string): BlobStore {
  // No blob's file name begins with "_".
  const incoming = join(directory, "_incoming");
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });

  /** A reader finds the old content or the new, never a part: a file gets its name when it is complete and synced. */
  const put = async (name: string, bring: (file: string) => Promise<void>) => {
    const target = join(directory, fileNameOf(name));
    const file = join(incoming, randomUUID());
    try {
      await bring(file);
      await sync(file);
      await rename(file, target);
      await sync(directory);
    } finally {
      await rm(file, { force: true });
    }
  };

  return {
    saveFile: async (name, source) => put(name, async (file) => moveFile(source, file)),
    save: async (name, content) => put(name, async (file) => writeFile(file, content)),
    read: async (name) => {
      try {
        return await readFile(join(directory, fileNameOf(name)));
      } catch (error) {
        if (isErrorCode(error, "ENOENT")) return undefined;
        throw error;
      }
    },
    remove: async (name) => rm(join(directory, fileNameOf(name)), { force: true }),
    list: async function* (prefix, savedBefore) {
      for await (const entry of await opendir(directory)) {
        const name = entry.isFile() ? blobNameOf(entry.name) : "";
        if (name.startsWith(prefix) && name !== "" && (await isOlder(join(directory, entry.name), savedBefore)))
          yield name;
      }
    },
  };
}

/** False for a file that has been removed meanwhile. */
async function isOlder(file: string, than: Date): Promise<boolean> {
  try {
    return (await stat(file)).mtime < than;
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return false;
    throw error;
  }
}

async function moveFile(source: string, target: string): Promise<void> {
  try {
    await rename(source, target);
  } catch (error) {
    if (!isErrorCode(error, "EXDEV")) throw error;
    // Another file system: scratch space is often one of its own.
    await copyFile(source, target);
    await rm(source);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
