/** Limits and choices for running Trivy. Start from {@link defaultTrivySettings}. */
export interface TrivySettings {
  /**
   * Whether Trivy runs in bubblewrap's namespaces, see docs/isolation.md. `auto` uses them where they work and logs which
   * it is; `required` refuses to start without them.
   */
  readonly isolation: "auto" | "off" | "required";
  /** Scans at a time. Each has a layer cache of its own. */
  readonly parallelScans: number;
  /** For one scan; waiting for a slot is not counted. */
  readonly scanTimeoutSeconds: number;
  /** Between SIGTERM and SIGKILL. Trivy itself may hang for ever on a registry that falls silent, SIGTERM or not. */
  readonly graceSeconds: number;
  /** Of one Trivy. Go's own soft limit is set to four fifths of it. */
  readonly memoryLimitBytes: number;
  /** Of files that one Trivy may write for itself, its report included. */
  readonly scratchLimitBytes: number;
  /** Trivy's JSON is read into memory at once. 9,000 findings are 38 MB. */
  readonly reportLimitBytes: number;
  /** All slots together. A slot that is over its share is emptied. */
  readonly layerCacheLimitBytes: number;
  /** What has to stay free on the disk. Below it nothing is begun, and what runs is stopped. */
  readonly diskReserveBytes: number;
  /** GOMAXPROCS of one Trivy. Go's own choice when undefined. */
  readonly processors?: number | undefined;
  /** A database older than this is as good as none. No limit when undefined: verdicts show the age. */
  readonly maximumDatabaseAgeHours?: number | undefined;
  /** `host/repository:tag`, asked in this order. */
  readonly databaseSources: readonly string[];
  /** Without any, images with jars cannot be scanned. */
  readonly javaDatabaseSources: readonly string[];
  /** For one database from one source. */
  readonly downloadTimeoutSeconds: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export const defaultTrivySettings: TrivySettings = {
  isolation: "auto",
  parallelScans: 2,
  scanTimeoutSeconds: 600,
  graceSeconds: 5,
  memoryLimitBytes: 2 * GIB,
  scratchLimitBytes: 8 * GIB,
  reportLimitBytes: 256 * MIB,
  layerCacheLimitBytes: 2 * GIB,
  diskReserveBytes: GIB,
  databaseSources: [
    "mcr.microsoft.com/oss/v2/aquasecurity/trivy-db:2",
    "mirror.gcr.io/aquasec/trivy-db:2",
    "ghcr.io/aquasecurity/trivy-db:2",
  ],
  javaDatabaseSources: [
    "mcr.microsoft.com/oss/v2/aquasecurity/trivy-java-db:1",
    "mirror.gcr.io/aquasec/trivy-java-db:1",
    "ghcr.io/aquasecurity/trivy-java-db:1",
  ],
  downloadTimeoutSeconds: 900,
};
