import { chmod, lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** The two databases of Trivy: advisories, and jars by their SHA-1. */
export type DatabaseKind = "vulnerability" | "java";

/** Where Trivy keeps them below its cache directory, and the schema version that Trivy 0.74 reads. */
export const databaseLayout = {
  vulnerability: { folder: "db", file: "trivy.db", schema: 2 },
  java: { folder: "java-db", file: "trivy-java.db", schema: 1 },
} as const;

const Metadata = z.object({
  Version: z.number(),
  UpdatedAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

/**
 * When its publisher made the database that is in a cache directory.
 *
 * @throws {@link UnusableDatabaseError}
 */
export async function readDatabaseDate(kind: DatabaseKind, cacheDirectory: string): Promise<Date> {
  const { folder, file, schema } = databaseLayout[kind];
  const stat = await lstat(join(cacheDirectory, folder, file)).catch(() => undefined);
  if (!stat?.isFile() || stat.size === 0) throw new UnusableDatabaseError(`${file} is missing or empty`);
  const metadata = Metadata.safeParse(await readJson(join(cacheDirectory, folder, "metadata.json")));
  if (!metadata.success) throw new UnusableDatabaseError("metadata.json is missing or not as expected");
  if (metadata.data.Version !== schema)
    throw new UnusableDatabaseError(`its schema version is ${metadata.data.Version}, and Trivy reads ${schema}`);
  return metadata.data.UpdatedAt;
}

/** False when files of it are gone, or are not what they were. */
export async function isUsable(kind: DatabaseKind, cacheDirectory: string): Promise<boolean> {
  return readDatabaseDate(kind, cacheDirectory).then(
    () => true,
    () => false,
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Nothing writes into a database that is in place. Its directory stays as it is, so that whoever owns it can remove it. */
export async function makeReadOnly(directory: string): Promise<void> {
  for (const name of await readdir(directory)) await chmod(join(directory, name), 0o444);
}

export class UnusableDatabaseError extends Error {
  override name = "UnusableDatabaseError";

  constructor(problem: string) {
    super(`The database cannot be used: ${problem}.`);
  }
}
