import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SpaceNeed } from "./free-space.ts";
import { modulesNotIn } from "./go-module.ts";
import type { GoModule } from "./go-module.ts";

/** Measured with Trivy 0.74.0: 2.5 GB of modules and 2.5 GB of compiled packages, binary and its link files on top. */
const allModulesBytes = 2_700_000_000;
const allPackagesBytes = 3_300_000_000;

/** What the build is going to write, less what an earlier one left. */
export async function buildSpace(
  module: GoModule,
  directories: { readonly moduleCache: string; readonly buildCache: string },
): Promise<readonly SpaceNeed[]> {
  const missing = await modulesNotIn(directories.moduleCache, module);
  const share = missing.length / Math.max(1, module.modules.length);
  const packageBytes = allPackagesBytes - (await bytesIn(directories.buildCache));
  return [
    { directory: directories.moduleCache, bytes: Math.ceil(allModulesBytes * share), setting: "GOMODCACHE" },
    { directory: directories.buildCache, bytes: Math.max(500_000_000, packageBytes), setting: "TIDEWATCH_CACHE" },
  ];
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  let sum = 0;
  for (const name of names) sum += (await stat(join(directory, name))).size;
  return sum;
}
