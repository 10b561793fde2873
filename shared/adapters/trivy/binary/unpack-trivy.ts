import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Extract } from "tar-stream";

/** Writes the archive's `trivy` to the target. The archive has been verified; the limit is against a mistaken pin. */
export async function unpackTrivy(archive: string, target: string, signal: AbortSignal): Promise<void> {
  const entries = extract();
  const [, found] = await Promise.all([
    pipeline(createReadStream(archive), createGunzip(), entries, { signal }),
    writeTrivy(entries, target, signal),
  ]);
  if (!found) throw new Error(`${archive} holds no trivy`);
}

async function writeTrivy(entries: Extract, target: string, signal: AbortSignal): Promise<boolean> {
  let found = false;
  for await (const entry of entries) {
    const { name, type, size } = entry.header;
    if (name !== "trivy" || type !== "file") {
      entry.resume();
      continue;
    }
    if (size > maxBinaryBytes) throw new Error(`trivy in the archive has ${size} bytes, which is too many`);
    await pipeline(entry, createWriteStream(target, { mode: 0o755 }), { signal });
    found = true;
  }
  return found;
}

const maxBinaryBytes = 1_000_000_000;
