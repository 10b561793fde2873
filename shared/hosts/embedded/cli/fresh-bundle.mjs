import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const file = join(root, "dist/start.js");

/**
 * The host as one file, made now unless it is there already for these very sources: 750 modules in one need half the
 * processor time to start, and 20 MB less. Undefined where it cannot be made; the sources start, too.
 * @returns {Promise<string | undefined>} a file URL
 */
export async function freshBundle() {
  try {
    const key = keyOfSources();
    if (!isMadeOf(key)) {
      const { writeBundle } = await import("./write-bundle.ts");
      await writeBundle({ root, file, key });
      // Changed meanwhile: nobody knows which of them went into it.
      if (keyOfSources() !== key) return undefined;
    }
    return pathToFileURL(file).href;
  } catch (error) {
    console.error(`Starting from the source files, with 20 MB more: ${file} could not be made. ${error.message}`);
    return undefined;
  }
}

/** By content, since times of change say little after a checkout or a copy. Packages by what npm says it installed. */
function keyOfSources() {
  const key = createHash("sha256").update(root);
  for (const folder of ["functions", "shared"])
    for (const path of readdirSync(join(root, folder), { recursive: true }).sort())
      if (/\.m?ts$|\.mjs$/.test(path)) key.update(`\0${path}\0`).update(readFileSync(join(root, folder, path)));
  return key.update(readFileSync(join(root, "node_modules/.package-lock.json"))).digest("hex");
}

function isMadeOf(key) {
  try {
    return readFileSync(file, "latin1").startsWith(`// ${key}\n`);
  } catch {
    return false;
  }
}
