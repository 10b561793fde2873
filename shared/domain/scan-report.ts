import { contentId } from "./content-id.ts";
import type { Finding } from "./finding.ts";
import { formatImageReference, type ImageReference } from "./image-reference.ts";

/** What one scanner with one database found in one image. */
export interface ScanReport {
  readonly image: ImageReference;
  readonly scannedAt: Date;
  readonly scanner: Scanner;
  readonly database: DatabaseVersion;
  readonly operatingSystem?: OperatingSystem | undefined;
  readonly packageCount: number;
  /** Sorted: most severe first, then by vulnerability and package. */
  readonly findings: readonly Finding[];
}

export interface Scanner {
  readonly name: "trivy";
  readonly version: string;
}

/** The vulnerability database that a verdict rests on. */
export interface DatabaseVersion {
  readonly updatedAt: Date;
  /** Digest of the OCI artifact that it came as. */
  readonly digest: string;
}

export interface OperatingSystem {
  /** debian, alpine, rocky, … */
  readonly family: string;
  /** Release: 12.5, 3.19.1. */
  readonly name: string;
  /** Out of support: its publisher adds no more advisories, so the absence of findings proves nothing. */
  readonly endOfLife: boolean;
}

export type ScanId = string;

/** Same image + same database + same scanner = same id, so a replay is the same write. */
export function scanId({ image, database, scanner }: Pick<ScanReport, "image" | "database" | "scanner">): ScanId {
  return contentId("scan", formatImageReference(image), database.digest, scanner.name, scanner.version);
}
