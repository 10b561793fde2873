import { isDigest } from "../../../domain/digest.ts";
import {
  findingId,
  findingStatuses,
  type Finding,
  type FindingStatus,
  type LayerOrigin,
  type VulnerablePackage,
} from "../../../domain/finding.ts";
import { describeRemediation } from "../../../domain/remediation.ts";
import { isSeverity, type Severity } from "../../../domain/severity.ts";
import type { BuildSteps } from "./build-steps.ts";
import { selectCvss } from "./select-cvss.ts";
import type { TrivyResult, TrivyVulnerability } from "./trivy-report.ts";

export function toFinding(vulnerability: TrivyVulnerability, result: TrivyResult, steps: BuildSteps): Finding {
  const { VulnerabilityID: id, FixedVersion, References = [], VendorIDs = [] } = vulnerability;
  const vulnerable = toPackage(vulnerability, result);
  const status = toStatus(vulnerability.Status);
  const fixedVersion = FixedVersion === "" ? undefined : FixedVersion;
  return {
    id: findingId(id, vulnerable),
    vulnerabilityId: id,
    aliases: VendorIDs.filter((alias) => alias !== id),
    package: vulnerable,
    severity: toSeverity(vulnerability.Severity),
    severitySource: vulnerability.SeveritySource,
    status,
    fixedVersion,
    cvss: selectCvss(vulnerability.CVSS, vulnerability.SeveritySource),
    title: vulnerability.Title?.slice(0, 500),
    description: vulnerability.Description?.slice(0, 1000),
    primaryUrl: [vulnerability.PrimaryURL ?? ""].find(isLink),
    references: References.filter(isLink).slice(0, 10),
    publishedAt: toDate(vulnerability.PublishedDate),
    lastModifiedAt: toDate(vulnerability.LastModifiedDate),
    layer: toLayerOrigin(vulnerability.Layer, steps),
    remediation: describeRemediation({ package: vulnerable, fixedVersion, status }),
  };
}

/** Name, version and path come out of the image: whoever made it chose their length. */
function toPackage(vulnerability: TrivyVulnerability, { Class, Type, Target }: TrivyResult): VulnerablePackage {
  const { PkgName, InstalledVersion = "", PkgPath, PkgIdentifier } = vulnerability;
  // Where packages have no file each, as in a Go program, the target is the file that holds them all.
  const path = PkgPath ?? (Class === "lang-pkgs" ? Target : undefined);
  return {
    name: PkgName.slice(0, 500),
    installedVersion: InstalledVersion.slice(0, 500),
    type: Type ?? "unknown",
    purl: PkgIdentifier?.PURL?.slice(0, 2000),
    path: path?.slice(0, 4096),
  };
}

function toSeverity(text = ""): Severity {
  const severity = text.toLowerCase();
  return isSeverity(severity) ? severity : "unknown";
}

function toStatus(text: string | undefined): FindingStatus {
  return findingStatuses.find((status) => status === text) ?? "unknown";
}

function isLink(text: string): boolean {
  return /^https?:\/\/\S{1,2000}$/i.test(text);
}

/** Undefined for what is no date, and for the year 1, which is Go's way to write none. */
function toDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? "");
  return date.getTime() > 0 ? date : undefined;
}

function toLayerOrigin(layer: TrivyVulnerability["Layer"], steps: BuildSteps): LayerOrigin | undefined {
  const { DiffID = "", Digest = "" } = layer ?? {};
  if (!isDigest(DiffID)) return undefined;
  return { diffId: DiffID, digest: isDigest(Digest) ? Digest : undefined, createdBy: steps.get(DiffID) };
}
