import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { ImageReference, RegistryHost } from "../../domain/image-reference.ts";
import type { ScanOutcome } from "../../domain/scan-outcome.ts";
import type { Scanner } from "../../domain/scan-report.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ImageScanner } from "../../ports/image-scanner.ts";
import type { RegistryCredentials } from "../../ports/registry-credentials.ts";
import { reached } from "../../ports/step.ts";
import type { CurrentDatabase, LentDatabases } from "./database/current-database.ts";
import { readReport } from "./report/read-report.ts";
import { toScanReport } from "./report/to-scan-report.ts";
import type { Lull } from "./running/lull.ts";
import type { RunProgram } from "./running/run-program.ts";
import type { Scratch } from "./running/scratch.ts";
import { findDiskBreach } from "./running/watch-process.ts";
import { openSlots, type Slot, type Slots } from "./slots.ts";
import { scanArguments } from "./trivy-arguments.ts";
import { trivyCredentials, UnusableCredentialError } from "./trivy-credentials.ts";
import { toFailedOutcome } from "./trivy-failure.ts";
import type { TrivySettings } from "./trivy-settings.ts";

export interface TrivyScannerOptions {
  readonly binary: { readonly version: string };
  readonly directories: { readonly slots: string };
  readonly settings: TrivySettings;
  readonly credentials: RegistryCredentials;
  readonly insecureRegistries: (registry: RegistryHost) => boolean;
  readonly clock: Clock;
  readonly run: RunProgram;
  readonly scratch: Scratch;
  readonly currentDatabase: CurrentDatabase;
  readonly lull: Lull;
}

export async function trivyScanner(options: TrivyScannerOptions): Promise<ImageScanner> {
  const { directories, settings, scratch, currentDatabase, lull } = options;
  const scanner = { name: "trivy", version: options.binary.version } as const;
  const slots = await openSlots(directories.slots, settings.parallelScans, settings.layerCacheLimitBytes);

  return {
    scan: (image, use, signal) =>
      lull.urgent(() =>
        scratch(async (directory) => use(await scanInSlot(image, { ...options, slots, scanner }, directory, signal))),
      ),
    current: async () => {
      const database = currentDatabase.version();
      return database && { scanner, database };
    },
    longestScanMs: (settings.scanTimeoutSeconds + settings.graceSeconds + OVERHEAD_SECONDS) * 1000,
  };
}

/** Reading a report of the largest size, and removing a full scratch directory, on a slow disk. */
const OVERHEAD_SECONDS = 30;

interface Parts extends TrivyScannerOptions {
  readonly slots: Slots;
  readonly scanner: Scanner;
}

async function scanInSlot(
  image: ImageReference,
  parts: Parts,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<ScanOutcome> {
  const slot = await parts.slots.take(signal);
  if (slot === undefined) return toFailedOutcome({ kind: "stopped", reason: "aborted", detail: "It had not begun." });
  let broken = true;
  try {
    const outcome = await parts.currentDatabase.lend((databases) =>
      scan(image, parts, { databases, directory, slot }, signal),
    );
    broken = mayHaveBrokenCache(outcome);
    return outcome;
  } finally {
    await slot.release({ broken });
  }
}

interface Places {
  readonly databases: LentDatabases;
  readonly directory: string;
  readonly slot: Slot;
}

async function scan(
  image: ImageReference,
  { settings, credentials, insecureRegistries, clock, run, scanner }: Parts,
  { databases, directory, slot }: Places,
  signal: AbortSignal | undefined,
): Promise<ScanOutcome> {
  const scannedAt = clock.now();
  const database = databases.version;
  if (database === undefined)
    return {
      kind: "failed",
      failure: "database-unavailable",
      detail: "No vulnerability database has been downloaded yet.",
    };
  const maximumAge = settings.maximumDatabaseAgeHours;
  if (maximumAge !== undefined && scannedAt.getTime() - database.updatedAt.getTime() > maximumAge * 60 * 60 * 1000)
    return {
      kind: "failed",
      failure: "database-unavailable",
      detail: `The vulnerability database of ${database.updatedAt.toISOString()} is more than ${maximumAge} hours old.`,
    };
  const breach = await findDiskBreach(directory, settings.diskReserveBytes);
  if (breach !== undefined) return { kind: "failed", failure: breach.reason, detail: breach.detail };

  const cacheDirectory = await layOutCache(directory, databases, slot);
  const reportFile = join(directory, "report.json");
  const access = await trivyCredentials(credentials, image.registry).catch((error: unknown) => {
    if (error instanceof UnusableCredentialError) return error;
    throw error;
  });
  if (access instanceof UnusableCredentialError)
    return { kind: "failed", failure: "registry-refused", detail: access.message };
  const end = await run({
    ...access,
    arguments: scanArguments(image, { cacheDirectory, reportFile }, { plainHttp: insecureRegistries(image.registry) }),
    scratch: directory,
    readable: databaseDirectories(databases),
    writable: [slot.layerCache],
    network: true,
    timeoutSeconds: settings.scanTimeoutSeconds,
    signal,
  });
  reached("scanner-ended");
  if (end.kind !== "done") return toFailedOutcome(end);

  // The next Trivy runs while this one's report is read.
  await slot.release({ broken: false });
  const read = await readReport(reportFile, settings.reportLimitBytes);
  if (read.kind === "bad") {
    slot.distrust();
    return { kind: "failed", failure: "bad-report", detail: read.detail };
  }
  const verdict = toScanReport(read.report, { image, scannedAt, scanner, database });
  return verdict.kind === "scanned" ? { ...verdict, rawReport: { file: reportFile } } : verdict;
}

/** One cache directory out of three: databases that all scans share, and the slot's layers. */
async function layOutCache(directory: string, { vulnerability, java }: LentDatabases, slot: Slot): Promise<string> {
  const cache = join(directory, "cache");
  await mkdir(cache);
  await symlink(slot.layerCache, join(cache, "fanal"));
  if (vulnerability !== undefined) await symlink(join(vulnerability.directory, "db"), join(cache, "db"));
  if (java !== undefined) await symlink(join(java.directory, "java-db"), join(cache, "java-db"));
  return cache;
}

function databaseDirectories({ vulnerability, java }: LentDatabases): readonly string[] {
  return [vulnerability, java].flatMap((database) => database?.directory ?? []);
}

/** Better to analyse some layers again than to fail for ever on what a crash left behind. */
function mayHaveBrokenCache(outcome: ScanOutcome): boolean {
  if (outcome.kind !== "failed") return false;
  return ["scanner-crashed", "no-space", "out-of-memory"].includes(outcome.failure);
}
