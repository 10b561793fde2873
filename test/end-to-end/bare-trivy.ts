import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { trivyPath } from "../support/trivy-path.ts";

/** Trivy as a person runs it, without anything of Tidewatch, with the databases that are published in the registry. */
export interface BareTrivy extends AsyncDisposable {
  readonly findings: (repository: string, digest: string) => Promise<readonly BareFinding[]>;
  /** Of the packages in its CycloneDX SBOM, sorted. */
  readonly purls: (repository: string, digest: string) => Promise<readonly string[]>;
}

export type BareFinding = z.output<typeof BareFinding>;

const BareFinding = z.object({
  VulnerabilityID: z.string(),
  PkgName: z.string(),
  InstalledVersion: z.string(),
  FixedVersion: z.string().optional(),
  Severity: z.string(),
  SeveritySource: z.string().optional(),
  Status: z.string(),
  PkgIdentifier: z.object({ PURL: z.string() }),
  Layer: z.object({ Digest: z.string().optional(), DiffID: z.string() }),
  CVSS: z.record(z.string(), z.object({ V3Score: z.number() })).optional(),
});

const Report = z.object({
  Results: z.array(z.object({ Vulnerabilities: z.array(BareFinding).optional() })).optional(),
});

const Sbom = z.object({ components: z.array(z.object({ purl: z.string().optional() })) });

export async function bareTrivy(registryHost: string): Promise<BareTrivy> {
  const cache = await mkdtemp(join(tmpdir(), "bare-trivy-"));
  const run = async (format: string, repository: string, digest: string): Promise<unknown> => {
    const { stdout } = await execa(
      trivyPath(),
      [
        ...["image", "--format", format, "--scanners", "vuln", "--image-src", "remote", "--insecure", "--quiet"],
        ...["--db-repository", `${registryHost}/trivy-db:2`, "--java-db-repository", `${registryHost}/trivy-java-db:1`],
        ...["--cache-dir", cache, "--disable-telemetry", "--skip-version-check", "--offline-scan"],
        `${registryHost}/${repository}@${digest}`,
      ],
      { timeout: 60_000 },
    );
    return JSON.parse(stdout);
  };
  return {
    findings: async (repository, digest) => {
      const { Results = [] } = Report.parse(await run("json", repository, digest));
      return Results.flatMap(({ Vulnerabilities = [] }) => Vulnerabilities);
    },
    purls: async (repository, digest) => purlsOf(await run("cyclonedx", repository, digest)),
    [Symbol.asyncDispose]: () => rm(cache, { recursive: true, force: true }),
  };
}

export function purlsOf(sbom: unknown): readonly string[] {
  return Sbom.parse(sbom)
    .components.flatMap(({ purl }) => purl ?? [])
    .sort();
}
