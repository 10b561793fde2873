import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isDigest, type Digest } from "../../../domain/digest.ts";
import type { DatabaseVersion } from "../../../domain/scan-report.ts";
import type { Log } from "../../../ports/log.ts";
import { reached } from "../../../ports/step.ts";
import { databaseLayout, isUsable, makeReadOnly, readDatabaseDate, type DatabaseKind } from "./database-files.ts";

/**
 * Which databases are in place. Each version has a directory of its own, so that what runs goes on with the one it began
 * with; a version is removed once a newer one is in place and nothing uses it. Survives restarts, also by kill.
 */
export interface CurrentDatabase {
  /** Undefined without a vulnerability database; the Java database is not needed by every image. */
  readonly version: () => DatabaseVersion | undefined;
  readonly installed: (kind: DatabaseKind) => InstalledDatabase | undefined;
  /** Lends what is in place now. Neither directory is touched while `use` runs. */
  readonly lend: <Result>(use: (databases: LentDatabases) => Promise<Result>) => Promise<Result>;
  /** Moves the database out of a cache directory on the same disk and puts it in place, at once or not at all. */
  readonly install: (kind: DatabaseKind, digest: Digest, cacheDirectory: string) => Promise<void>;
}

export interface InstalledDatabase {
  /** Of the OCI artifact. */
  readonly digest: Digest;
  readonly updatedAt: Date;
  /** Holds Trivy's `db` or `java-db`. */
  readonly directory: string;
}

export interface LentDatabases {
  readonly version: DatabaseVersion | undefined;
  readonly vulnerability: InstalledDatabase | undefined;
  readonly java: InstalledDatabase | undefined;
}

export async function openCurrentDatabase(directory: string, log: Log): Promise<CurrentDatabase> {
  for (const kind of KINDS) await mkdir(join(directory, kind), { recursive: true });
  const root = await realpath(directory);
  const inPlace = await readInPlace(root, log);
  const users = new Map<string, number>();

  const removeUnused = async (kind: DatabaseKind) => {
    for (const name of await readdir(join(root, kind))) {
      const path = join(root, kind, name);
      if (path === inPlace[kind]?.directory || users.has(path)) continue;
      await rm(path, { recursive: true, force: true }).catch((error: unknown) =>
        log.warn("An old database could not be removed.", { path, error }),
      );
    }
  };
  for (const kind of KINDS) await removeUnused(kind);

  return {
    version: () => versionOf(inPlace),
    installed: (kind) => inPlace[kind],
    lend: async (use) => {
      const lent = { ...inPlace, version: versionOf(inPlace) };
      const directories = KINDS.flatMap((kind) => lent[kind]?.directory ?? []);
      for (const path of directories) users.set(path, (users.get(path) ?? 0) + 1);
      try {
        return await use(lent);
      } finally {
        for (const path of directories) release(users, path);
        for (const kind of KINDS) if (lent[kind] !== inPlace[kind]) await removeUnused(kind);
      }
    },
    install: async (kind, digest, cacheDirectory) => {
      const { folder } = databaseLayout[kind];
      const updatedAt = await readDatabaseDate(kind, cacheDirectory);
      const target = directoryOf(root, kind, digest);
      // One that is still in use, and has come back, has the same digest and so the same content.
      if (!users.has(target) || !(await isUsable(kind, target))) {
        await rm(target, { recursive: true, force: true });
        await mkdir(target);
        await rename(join(cacheDirectory, folder), join(target, folder));
        await makeReadOnly(join(target, folder));
      }
      reached("database-unpacked");
      inPlace[kind] = { digest, updatedAt, directory: target };
      await writeInPlace(root, inPlace);
      await removeUnused(kind);
    },
  };
}

const KINDS: readonly DatabaseKind[] = ["vulnerability", "java"];

type InPlace = Record<DatabaseKind, InstalledDatabase | undefined>;

/** A new Java database changes what is found in jars, so it makes a new version too. */
function versionOf({ vulnerability, java }: InPlace): DatabaseVersion | undefined {
  if (vulnerability === undefined) return undefined;
  const digest = java === undefined ? vulnerability.digest : `${vulnerability.digest}+${java.digest}`;
  return { updatedAt: vulnerability.updatedAt, digest };
}

function release(users: Map<string, number>, path: string): void {
  const left = (users.get(path) ?? 0) - 1;
  if (left > 0) users.set(path, left);
  else users.delete(path);
}

function directoryOf(root: string, kind: DatabaseKind, digest: Digest): string {
  return join(root, kind, digest.replace("sha256:", ""));
}

const Pointer = z.object({ digest: z.string().refine(isDigest) });
const Pointers = z.object({ vulnerability: Pointer.optional(), java: Pointer.optional() });

/** What the file points at and is there. Anything else is downloaded again. */
async function readInPlace(root: string, log: Log): Promise<InPlace> {
  const inPlace: InPlace = { vulnerability: undefined, java: undefined };
  const text = await readFile(join(root, FILE), "utf8").catch(() => "{}");
  let pointers: z.infer<typeof Pointers> = {};
  try {
    pointers = Pointers.parse(JSON.parse(text));
  } catch (error) {
    log.warn("The note of which databases are in place cannot be read. They are downloaded again.", { error });
  }
  for (const kind of KINDS) {
    const digest = pointers[kind]?.digest;
    if (digest === undefined) continue;
    const directory = directoryOf(root, kind, digest);
    try {
      inPlace[kind] = { digest, updatedAt: await readDatabaseDate(kind, directory), directory };
    } catch (error) {
      log.warn("A database that was in place cannot be used. It is downloaded again.", { kind, error });
    }
  }
  return inPlace;
}

/** Replaced in one step: a kill leaves the old one or the new one. */
async function writeInPlace(root: string, { vulnerability, java }: InPlace): Promise<void> {
  const pointers = {
    vulnerability: vulnerability && { digest: vulnerability.digest },
    java: java && { digest: java.digest },
  };
  const next = join(root, `${FILE}.next`);
  await writeFile(next, JSON.stringify(pointers), { flush: true });
  await rename(next, join(root, FILE));
}

const FILE = "current.json";
