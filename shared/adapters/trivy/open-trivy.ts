import { join } from "node:path";
import type { RegistryHost } from "../../domain/image-reference.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import type { ImageScanner } from "../../ports/image-scanner.ts";
import type { Log } from "../../ports/log.ts";
import type { RegistryCredentials } from "../../ports/registry-credentials.ts";
import type { SbomWriter } from "../../ports/sbom-writer.ts";
import type { VulnerabilityDatabase } from "../../ports/vulnerability-database.ts";
import { openCurrentDatabase, type CurrentDatabase } from "./database/current-database.ts";
import { trivyDatabase } from "./database/trivy-database.ts";
import { chooseLaunch } from "./running/choose-launch.ts";
import { watchForLull } from "./running/lull.ts";
import { programRunner, type RunProgram } from "./running/run-program.ts";
import { openScratch } from "./running/scratch.ts";
import { trivySbomWriter } from "./trivy-sbom-writer.ts";
import { trivyScanner } from "./trivy-scanner.ts";
import type { TrivySettings } from "./trivy-settings.ts";

export interface TrivyOptions {
  readonly binary: { readonly path: string; readonly version: string };
  /**
   * All three belong to this process alone, best on one disk. `databases` and `slots` are worth keeping; what an earlier
   * process left in `scratch` is removed.
   */
  readonly directories: { readonly databases: string; readonly slots: string; readonly scratch: string };
  readonly settings: TrivySettings;
  /** For images, and for the databases' registries. */
  readonly credentials: RegistryCredentials;
  /** Registries that speak plain http. */
  readonly insecureRegistries: (registry: RegistryHost) => boolean;
  /** Asked what the databases' tags point at. */
  readonly registry: ImageRegistry;
  readonly clock: Clock;
  readonly log: Log;
  /** Proxies and certificates are taken from here; nothing else reaches Trivy. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface Trivy {
  readonly scanner: ImageScanner;
  readonly database: VulnerabilityDatabase;
  readonly sbomWriter: SbomWriter;
  /** For who matches stored packages: runs Trivy, and lends the databases that are in place. */
  readonly run: RunProgram;
  readonly currentDatabase: CurrentDatabase;
}

/**
 * The three things that Trivy does for us, over one set of directories.
 *
 * @throws {@link IsolationUnavailableError} when isolation is required and does not work here
 */
export async function openTrivy(options: TrivyOptions): Promise<Trivy> {
  const { binary, directories, settings, log, environment = process.env } = options;
  const launch = await chooseLaunch(settings.isolation, { program: binary.path, environment, log });
  const scratch = await openScratch(directories.scratch, log);
  const incoming = await openScratch(join(directories.databases, "incoming"), log);
  const currentDatabase = await openCurrentDatabase(directories.databases, log);
  const run = programRunner({ program: binary.path, launch, settings, environment });
  const parts = { ...options, run, scratch, incoming, currentDatabase, lull: watchForLull() };
  return {
    scanner: await trivyScanner(parts),
    database: trivyDatabase(parts),
    sbomWriter: trivySbomWriter(parts),
    run,
    currentDatabase,
  };
}
