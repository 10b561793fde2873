import type { UnscannableReason } from "../../../domain/scan-outcome.ts";
import type { OperatingSystem, ScanReport } from "../../../domain/scan-report.ts";
import { buildSteps } from "./build-steps.ts";
import { mergeFindings } from "./merge-findings.ts";
import { toFinding } from "./to-finding.ts";
import type { TrivyReport, TrivyResult } from "./trivy-report.ts";

export type Verdict =
  | { readonly kind: "scanned"; readonly report: ScanReport }
  | { readonly kind: "unscannable"; readonly reason: UnscannableReason; readonly detail: string };

/** What Trivy's report says, in our words; or why it says nothing, which is not the same as no vulnerability. */
export function toScanReport(
  trivy: TrivyReport,
  scan: Pick<ScanReport, "image" | "scannedAt" | "scanner" | "database">,
): Verdict {
  const results = trivy.Results ?? [];
  const packageCount = results.reduce((count, { Packages }) => count + (Packages?.length ?? 0), 0);
  const obstacle = findObstacle(trivy, results, packageCount);
  if (obstacle !== undefined) return { kind: "unscannable", ...obstacle };

  const steps = buildSteps(trivy.Metadata.ImageConfig);
  const findings = results.flatMap((result) =>
    (result.Vulnerabilities ?? []).map((vulnerability) => toFinding(vulnerability, result, steps)),
  );
  const operatingSystem = toOperatingSystem(trivy);
  return {
    kind: "scanned",
    report: {
      ...scan,
      ...(operatingSystem === undefined ? {} : { operatingSystem }),
      packageCount,
      findings: mergeFindings(findings),
    },
  };
}

function findObstacle(
  { Metadata: { OS, ImageConfig } }: TrivyReport,
  results: readonly TrivyResult[],
  packageCount: number,
): { readonly reason: UnscannableReason; readonly detail: string } | undefined {
  if (ImageConfig?.os?.toLowerCase() === "windows")
    return { reason: "windows", detail: "Trivy has no advisories for Windows itself." };
  // Trivy leaves the result out when it has no advisories for the distribution, as for Fedora (pkg/scan/local).
  if (OS !== undefined && !WITHOUT_PACKAGES.includes(OS.Family) && !results.some(({ Class }) => Class === "os-pkgs"))
    return {
      reason: "unsupported-distribution",
      detail:
        OS.Family === UNKNOWN
          ? "The image has packages of an operating system that Trivy does not know."
          : `Trivy has no advisories for ${OS.Family} ${OS.Name}.`,
    };
  if (packageCount === 0)
    return { reason: "no-packages", detail: "Trivy found neither a package database nor any package of a language." };
  return undefined;
}

/** Trivy's word for packages without a system that they belong to. */
const UNKNOWN = "none";

/** Systems that consist of language packages only (HasOSPackages in pkg/fanal/types/const.go). */
const WITHOUT_PACKAGES: readonly string[] = ["activestate"];

function toOperatingSystem({ Metadata: { OS } }: TrivyReport): OperatingSystem | undefined {
  if (OS === undefined || OS.Family === UNKNOWN) return undefined;
  return { family: OS.Family, name: OS.Name, endOfLife: OS.EOSL ?? false };
}
