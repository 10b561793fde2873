import { mkdir, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../../domain/digest.ts";
import type { RegistryHost } from "../../../domain/image-reference.ts";
import type { ImageRegistry } from "../../../ports/image-registry.ts";
import type { Log } from "../../../ports/log.ts";
import type { RegistryCredentials } from "../../../ports/registry-credentials.ts";
import type { ProgramRun, RunProgram } from "../running/run-program.ts";
import type { Scratch } from "../running/scratch.ts";
import { checkArguments, downloadArguments } from "../trivy-arguments.ts";
import { trivyCredentials } from "../trivy-credentials.ts";
import { readableTail } from "../trivy-failure.ts";
import type { TrivySettings } from "../trivy-settings.ts";
import type { CurrentDatabase } from "./current-database.ts";
import { parseArchiveBytes } from "./database-manifest.ts";
import { isUsable, readDatabaseDate, type DatabaseKind } from "./database-files.ts";
import type { DatabaseSource } from "./database-source.ts";

export interface FetchDatabaseOptions {
  readonly run: RunProgram;
  /** On the disk of the databases. */
  readonly incoming: Scratch;
  readonly currentDatabase: CurrentDatabase;
  readonly registry: ImageRegistry;
  readonly credentials: RegistryCredentials;
  readonly insecureRegistries: (registry: RegistryHost) => boolean;
  readonly settings: TrivySettings;
  readonly log: Log;
}

export type FetchedDatabase =
  { readonly kind: "updated" | "unchanged" } | { readonly kind: "refused"; readonly detail: string };

/**
 * Takes over what the source has, if that is newer than what is in place. The tag is resolved first and the database then
 * downloaded by digest, so that we know what we have: Trivy does not tell.
 *
 * @throws whatever the port of the registry throws
 */
export async function fetchDatabase(
  kind: DatabaseKind,
  source: DatabaseSource,
  options: FetchDatabaseOptions,
  signal: AbortSignal | undefined,
): Promise<FetchedDatabase> {
  const { registry, incoming, currentDatabase } = options;
  const digest = await registry.resolveTag(source, source.tag, signal);
  if (digest === undefined) return refuse("it has no such tag.");
  const inPlace = currentDatabase.installed(kind);
  if (digest === inPlace?.digest && (await isUsable(kind, inPlace.directory))) return { kind: "unchanged" };

  return incoming(async (scratch) => {
    const cache = join(scratch, "cache");
    await mkdir(cache);
    const problem =
      (await findSpaceProblem(kind, { ...source, digest }, scratch, options, signal)) ??
      (await download(kind, { ...source, digest }, { scratch, cache }, options, signal));
    if (problem !== undefined) return refuse(problem);

    const updatedAt = await readDatabaseDate(kind, cache);
    if (inPlace !== undefined && updatedAt < inPlace.updatedAt)
      return refuse(`it offers the database of ${updatedAt.toISOString()}, older than the one in place.`);
    const unreadable = kind === "vulnerability" ? await tryOut({ scratch, cache }, options, signal) : undefined;
    if (unreadable !== undefined) return refuse(unreadable);
    await currentDatabase.install(kind, digest, cache);
    return { kind: "updated" };
  });
}

function refuse(detail: string): FetchedDatabase {
  return { kind: "refused", detail };
}

interface Published extends DatabaseSource {
  readonly digest: Digest;
}

interface Places {
  readonly scratch: string;
  readonly cache: string;
}

async function findSpaceProblem(
  kind: DatabaseKind,
  published: Published,
  directory: string,
  { registry, settings }: FetchDatabaseOptions,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const manifest = await registry.readManifest(published, signal);
  if (manifest === undefined) return "its manifest is gone.";
  const needed = parseArchiveBytes(manifest.content) * GROWTH[kind] + settings.diskReserveBytes;
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= needed) return undefined;
  return `the disk of ${directory} needs ${needed} free bytes for it and has ${bavail * bsize}.`;
}

/** Archive and unpacked database together, as a multiple of the archive. Estimates on the safe side. */
const GROWTH = { vulnerability: 20, java: 5 };

async function download(
  kind: DatabaseKind,
  published: Published,
  { scratch, cache }: Places,
  { run, credentials, insecureRegistries, settings }: FetchDatabaseOptions,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const plainHttp = insecureRegistries(published.registry);
  return problemOf(run, {
    arguments: downloadArguments(kind, published, cache, { plainHttp }),
    // Only those of this registry, and most databases are open to all.
    ...(await trivyCredentials(credentials, published.registry)),
    scratch,
    readable: [],
    writable: [],
    network: true,
    timeoutSeconds: settings.downloadTimeoutSeconds,
    signal,
  });
}

/** Lets Trivy match an empty document: it opens the database for that, and fails when it cannot read it. */
async function tryOut(
  { scratch, cache }: Places,
  { run }: FetchDatabaseOptions,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const document = join(scratch, "empty.cdx.json");
  await writeFile(document, JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 }));
  const alone = { scratch, readable: [], writable: [], network: false };
  return problemOf(run, { ...alone, arguments: checkArguments(document, cache), timeoutSeconds: 60, signal });
}

async function problemOf(run: RunProgram, programRun: ProgramRun): Promise<string | undefined> {
  const end = await run(programRun);
  if (end.kind === "done") return undefined;
  return end.kind === "stopped" ? `Trivy was stopped. ${end.detail}` : readableTail(end.stderr);
}
