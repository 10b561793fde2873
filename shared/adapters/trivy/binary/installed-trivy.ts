import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { sha256OfFile } from "./sha256-of-file.ts";
import type { TrivyBinary } from "./trivy-binary.ts";
import { thisPlatform } from "./trivy-pin.ts";
import type { TrivyPin } from "./trivy-pin.ts";

interface Place {
  readonly cacheDirectory: string;
  readonly pin: TrivyPin;
}

/** `<cache>/trivy/<version>`: `trivy`, `trivy.json` (how it came here), and while it is being got `lock` and `work`. */
export function versionDirectory({ cacheDirectory, pin }: Place): string {
  return join(cacheDirectory, pin.version);
}

/**
 * The binary in the cache, when it is the one that was put there: size and time as noted, or else the digest.
 * A changed file is treated as missing, so that it is replaced.
 */
export async function installedTrivy(place: Place & { readonly fullCheck: boolean }): Promise<TrivyBinary | undefined> {
  const path = join(versionDirectory(place), "trivy");
  const record = await readRecord(`${path}.json`);
  if (record?.version !== place.pin.version || record.platform !== thisPlatform()) return undefined;
  const file = await stat(path).catch(() => undefined);
  if (file?.size !== record.size) return undefined;
  const asNoted = !place.fullCheck && Math.trunc(file.mtimeMs) === record.modifiedMs;
  if (!asNoted && (await sha256OfFile(path)) !== record.sha256) return undefined;
  return { path, version: record.version, origin: record.origin };
}

/** Moves a verified binary to its place and notes its digest. The file must be on the cache's file system. */
export async function installTrivy(file: string, origin: InstalledOrigin, place: Place): Promise<TrivyBinary> {
  const path = join(versionDirectory(place), "trivy");
  await chmod(file, 0o755);
  const { size, mtimeMs } = await stat(file);
  const record: InstalledRecord = {
    version: place.pin.version,
    platform: thisPlatform(),
    origin,
    sha256: await sha256OfFile(file),
    size,
    modifiedMs: Math.trunc(mtimeMs),
  };
  await mkdir(versionDirectory(place), { recursive: true });
  await rm(`${path}.json`, { force: true });
  await rename(file, path);
  await writeFile(`${file}.json`, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(`${file}.json`, `${path}.json`);
  return { path, version: record.version, origin };
}

const InstalledRecord = z.object({
  version: z.string(),
  platform: z.string(),
  origin: z.enum(["release", "goBuild"]),
  sha256: z.string(),
  size: z.number(),
  modifiedMs: z.number(),
});
type InstalledRecord = z.infer<typeof InstalledRecord>;
export type InstalledOrigin = InstalledRecord["origin"];

async function readRecord(path: string): Promise<InstalledRecord | undefined> {
  try {
    return InstalledRecord.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}
