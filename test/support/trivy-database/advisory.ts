/** What one database says about a vulnerability, and which packages have it. */
export interface Advisory {
  /** The CVE, or the GHSA id where there is none. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** A finding shows the one of its own data source, else nvd's, else the first there is. */
  readonly severities: Readonly<Partial<Record<SeveritySource, Severity>>>;
  readonly cvss: Readonly<Partial<Record<SeveritySource, Cvss>>>;
  /** CWE-… */
  readonly weaknesses: readonly string[];
  readonly references: readonly string[];
  readonly publishedAt: Date;
  readonly lastModifiedAt: Date;
  readonly affected: readonly AffectedPackage[];
}

/** In trivy-db's numbering. */
export const SEVERITIES = ["unknown", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** In the order in which trivy-db prefers them. */
export const SEVERITY_SOURCES = ["nvd", "redhat", "ubuntu", "rocky", "ghsa"] as const;
export type SeveritySource = (typeof SEVERITY_SOURCES)[number];

export interface Cvss {
  readonly v3Vector: string;
  readonly v3Score: number;
}

export type AffectedPackage = AffectedSourcePackage | AffectedRockyPackage | AffectedLibrary;

export interface AffectedSourcePackage {
  readonly ecosystem: `debian ${number}` | `alpine ${number}`;
  readonly package: string;
  /** Without one, every installed version is affected. */
  readonly fixedVersion?: string;
  /** Counts only without a fixed version, and only for Debian. */
  readonly status?: FindingStatus;
  /** Debian's urgency for this package; goes before all of {@link Advisory.severities}. */
  readonly severity?: Severity;
  /** DSA-… or DLA-… */
  readonly vendorIds?: readonly string[];
}

/** In trivy-db's numbering. */
export const STATUSES = [
  "unknown",
  "not_affected",
  "affected",
  "fixed",
  "under_investigation",
  "will_not_fix",
  "fix_deferred",
  "end_of_life",
] as const;
export type FindingStatus = (typeof STATUSES)[number];

export interface AffectedRockyPackage {
  readonly ecosystem: `rocky ${number}`;
  /** The binary package: Rocky's errata name those. */
  readonly package: string;
  readonly fixedVersion: string;
  readonly architectures: readonly ("aarch64" | "noarch" | "x86_64")[];
  /** RLSA-… */
  readonly vendorIds: readonly string[];
}

export interface AffectedLibrary {
  readonly ecosystem: "npm" | "pip" | "maven" | "go";
  /** For Maven `group:artifact`, for Go the module's path or `stdlib`. */
  readonly package: string;
  /** Any of these ranges, such as `>=2.13.0, <2.15.0`. */
  readonly vulnerableVersions: readonly string[];
  /** What a finding proposes to upgrade to. */
  readonly patchedVersions: readonly string[];
  /** GHSA-… or GO-… */
  readonly vendorIds: readonly string[];
}
