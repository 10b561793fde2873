import { contentId } from "./content-id.ts";
import type { Digest } from "./digest.ts";
import type { Severity } from "./severity.ts";

/** One vulnerability in one package of one image. */
export interface Finding {
  /** Follows from the vulnerability and the package, not from the image: the same flaw in two images has one id. */
  readonly id: FindingId;
  /** CVE-…, GHSA-… or the publisher's own. */
  readonly vulnerabilityId: string;
  /** Other names of the same flaw, and the publisher's advisory (DSA-…, RHSA-…). */
  readonly aliases: readonly string[];
  readonly package: VulnerablePackage;
  readonly severity: Severity;
  /** Whose rating {@link severity} is: debian, nvd, ghsa, … */
  readonly severitySource?: string | undefined;
  readonly status: FindingStatus;
  /** As the publisher writes it; several, separated by commas, where several release lines were mended. */
  readonly fixedVersion?: string | undefined;
  readonly cvss?: Cvss | undefined;
  readonly title?: string | undefined;
  /** At most 1,000 characters. */
  readonly description?: string | undefined;
  readonly primaryUrl?: string | undefined;
  /** At most ten. */
  readonly references: readonly string[];
  readonly publishedAt?: Date | undefined;
  readonly lastModifiedAt?: Date | undefined;
  readonly layer?: LayerOrigin | undefined;
  /** A sentence that says what to do. */
  readonly remediation: string;
}

export type FindingId = string;

export interface VulnerablePackage {
  readonly name: string;
  readonly installedVersion: string;
  /** Kind of package as Trivy names it: debian, alpine, npm, python-pkg, gobinary, jar, … */
  readonly type: string;
  readonly purl?: string | undefined;
  /** File inside the image that holds the package, for language packages. */
  readonly path?: string | undefined;
}

/** As spelt in Trivy's database, 0 to 7. */
export const findingStatuses = [
  "unknown",
  "not_affected",
  "affected",
  "fixed",
  "under_investigation",
  "will_not_fix",
  "fix_deferred",
  "end_of_life",
] as const;

export type FindingStatus = (typeof findingStatuses)[number];

/** The base score, 0.0 to 10.0, of the newest CVSS version that the source gives. */
export interface Cvss {
  readonly source: string;
  readonly score: number;
  readonly vector?: string | undefined;
}

/** The layer that brought the package, and the build step that made the layer where the image's history tells. */
export interface LayerOrigin {
  readonly diffId: Digest;
  readonly digest?: Digest | undefined;
  readonly createdBy?: string | undefined;
}

export function findingId(vulnerabilityId: string, vulnerable: VulnerablePackage): FindingId {
  const { type, name, installedVersion, purl, path } = vulnerable;
  return contentId("finding", vulnerabilityId, type, purl ?? name, installedVersion, path ?? "");
}
