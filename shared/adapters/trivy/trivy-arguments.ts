import type { Digest } from "../../domain/digest.ts";
import type { ImageReference, RegistryHost, Repository } from "../../domain/image-reference.ts";

// Flags of Trivy 0.74. None of them needs a configuration file: Trivy reads trivy.yaml and .trivyignore from its working
// directory, which is an empty scratch directory.

/** Keeps Trivy off every network but the registry's. */
const QUIET = ["--quiet", "--disable-telemetry", "--skip-version-check"];

export interface ScanFiles {
  readonly cacheDirectory: string;
  readonly reportFile: string;
}

/** `trivy image` on exactly this manifest, with the databases that are in the cache directory. */
export function scanArguments(image: ImageReference, files: ScanFiles, registry: RegistryScheme): readonly string[] {
  return [
    ...["image", "--image-src", "remote", "--scanners", "vuln", "--format", "json", "--output", files.reportFile],
    ...["--cache-dir", files.cacheDirectory, "--skip-db-update", "--skip-java-db-update", "--offline-scan", ...QUIET],
    ...["--timeout", OWN_TIMEOUT, ...insecure(registry)],
    ...["--", formatForTrivy(image, registry)],
  ];
}

/** Puts one database into an empty cache directory. Into any other, Trivy may find nothing to do. */
export function downloadArguments(
  kind: "vulnerability" | "java",
  source: { readonly registry: RegistryHost; readonly repository: Repository; readonly digest: Digest },
  cacheDirectory: string,
  registry: RegistryScheme,
): readonly string[] {
  const flags =
    kind === "vulnerability"
      ? ["--download-db-only", "--db-repository"]
      : ["--download-java-db-only", "--java-db-repository"];
  return [
    ...["image", ...flags, formatForTrivy(source, registry), "--cache-dir", cacheDirectory],
    ...["--no-progress", ...QUIET, "--timeout", OWN_TIMEOUT, ...insecure(registry)],
  ];
}

/** Matches one document with the vulnerability database: fails when Trivy cannot read it. */
export function checkArguments(sbomFile: string, cacheDirectory: string): readonly string[] {
  return [
    ...["sbom", "--format", "json", "--cache-dir", cacheDirectory, "--cache-backend", "memory"],
    ...["--skip-db-update", "--skip-java-db-update", "--offline-scan", ...QUIET, "--", sbomFile],
  ];
}

/** A CycloneDX SBOM out of a JSON report. */
export function convertArguments(reportFile: string, sbomFile: string): readonly string[] {
  return ["convert", "--quiet", "--format", "cyclonedx", "--output", sbomFile, "--", reportFile];
}

export interface RegistryScheme {
  readonly plainHttp: boolean;
}

/** Ours is the one that counts: Trivy's does not end a read from a registry that falls silent. */
const OWN_TIMEOUT = "24h";

function insecure({ plainHttp }: RegistryScheme): readonly string[] {
  return plainHttp ? ["--insecure"] : [];
}

/**
 * Trivy takes the first part of a name for a host only if it has a dot or a colon or is `localhost`; `registry/team/web`
 * would be read from Docker Hub, with the credentials of `registry` (NewRepository in go-containerregistry's pkg/name).
 */
function formatForTrivy({ registry, repository, digest }: ImageReference, { plainHttp }: RegistryScheme): string {
  const isHostToTrivy = /[.:]/.test(registry) || registry === "localhost";
  return `${registry}${isHostToTrivy ? "" : plainHttp ? ":80" : ":443"}/${repository}@${digest}`;
}
