import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseReport } from "../../../shared/adapters/trivy/report/read-report.ts";
import { toScanReport } from "../../../shared/adapters/trivy/report/to-scan-report.ts";
import { TrivyReport } from "../../../shared/adapters/trivy/report/trivy-report.ts";
import type { Finding } from "../../../shared/domain/finding.ts";
import { findingStatuses } from "../../../shared/domain/finding.ts";
import { severities } from "../../../shared/domain/severity.ts";
import { aDatabase, aDigest, anImage, aScanner } from "../../support/samples.ts";
import { SEVERITIES, STATUSES } from "../../support/trivy-database/advisory.ts";

const SCAN = { image: anImage(), scannedAt: new Date("2026-11-21T10:00:00Z"), scanner: aScanner, database: aDatabase };
const DIFF_ID = aDigest("layer");

describe("a recorded report of Trivy 0.74", () => {
  it("becomes a scan report", async () => {
    const recorded = await readFile(new URL("../../fixtures/trivy/node-image.json", import.meta.url), "utf8");

    const read = parseReport(recorded);

    if (read.kind === "bad") throw new Error(read.detail);
    const verdict = toScanReport(read.report, SCAN);
    expect(verdict).toMatchObject({ kind: "scanned", report: { packageCount: 10, ...SCAN } });
    const findings = verdict.kind === "scanned" ? verdict.report.findings : [];
    expect(findings.map((finding) => [finding.severity, finding.vulnerabilityId, finding.package.name])).toEqual([
      ["critical", "CVE-2021-44906", "minimist"],
      ["critical", "CVE-2023-45853", "zlib1g"],
      ["high", "CVE-2021-23337", "lodash"],
      ["high", "CVE-2024-6119", "libssl3"],
      ["high", "CVE-2024-6119", "openssl"],
      ["medium", "CVE-2024-2398", "curl"],
      ["medium", "CVE-2024-2398", "libcurl4"],
      ["low", "CVE-2024-5535", "libssl3"],
      ["low", "CVE-2024-5535", "openssl"],
    ]);
    expect(findings[1]).toMatchObject({
      status: "will_not_fix",
      cvss: { source: "nvd", score: 9.8 },
      remediation:
        "zlib1g 1:1.2.13.dfsg-1 has no fixed version: its publisher will not fix this. " +
        "Remove the package or move to a release that is fixed.",
    });
  });
});

describe("our words for severity and status", () => {
  it("are those of Trivy's database, in its order", () => {
    expect(severities).toEqual(SEVERITIES);
    expect(findingStatuses).toEqual(STATUSES);
  });

  it("are taken from the report, and anything else is unknown", () => {
    const of = (Severity: string | undefined, Status: string | undefined) => firstFinding({ Severity, Status });

    for (const severity of severities) expect(of(severity.toUpperCase(), "fixed").severity).toBe(severity);
    for (const status of findingStatuses) expect(of("LOW", status).status).toBe(status);
    expect(of("DREADFUL", "forgotten")).toMatchObject({ severity: "unknown", status: "unknown" });
    expect(of(undefined, undefined)).toMatchObject({ severity: "unknown", status: "unknown" });
  });
});

describe("a finding", () => {
  it("has the CVSS of who set the severity, else of NVD, else of the first, in its newest version", () => {
    const CVSS = {
      nvd: { V2Score: 5, V3Score: 7.5, V3Vector: "CVSS:3.1/nvd" },
      ghsa: { V3Score: 8.1, V40Score: 8.7, V40Vector: "CVSS:4.0/ghsa" },
      bitnami: { V2Score: 4.3 },
    };
    const { bitnami } = CVSS;

    expect(firstFinding({ CVSS, SeveritySource: "ghsa" }).cvss).toEqual({
      source: "ghsa",
      score: 8.7,
      vector: "CVSS:4.0/ghsa",
    });
    expect(firstFinding({ CVSS, SeveritySource: "debian" }).cvss).toMatchObject({ source: "nvd", score: 7.5 });
    expect(firstFinding({ CVSS: { bitnami, zzz: bitnami } }).cvss).toMatchObject({ source: "bitnami", score: 4.3 });
    expect(firstFinding({ CVSS: { nvd: { V3Score: 0 } } }).cvss).toBeUndefined();
  });

  it("keeps only links that are links, at most ten, and no more text than it may", () => {
    const References = ["javascript:alert(1)", ...Array.from({ length: 12 }, (_, n) => `https://example.com/${n}`)];

    const finding = firstFinding({ References, PrimaryURL: "file:///etc/passwd", Description: "x".repeat(3000) });

    expect(finding.references).toHaveLength(10);
    expect(finding.references[0]).toBe("https://example.com/0");
    expect(finding.primaryUrl).toBeUndefined();
    expect(finding.description).toHaveLength(1000);
  });

  it("has a date only where there is one", () => {
    const finding = firstFinding({
      PublishedDate: "2024-03-27T08:15:41.283Z",
      LastModifiedDate: "0001-01-01T00:00:00Z",
    });

    expect(finding.publishedAt).toEqual(new Date("2024-03-27T08:15:41.283Z"));
    expect(finding.lastModifiedAt).toBeUndefined();
  });

  it("is there once when Trivy names it twice", () => {
    const twice = [vulnerability({ VendorIDs: ["DSA-1"] }), vulnerability({ VendorIDs: ["DSA-2"] })];

    expect(findingsOf(twice)).toEqual([expect.objectContaining({ aliases: ["DSA-1", "DSA-2"] })]);
  });
});

describe("the build step of a layer", () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ["/bin/sh -c #(nop) COPY dir:abc in /app ", "COPY dir:abc in /app"],
    ["/bin/sh -c apt-get update", "RUN apt-get update"],
    ["RUN /bin/sh -c npm ci # buildkit", "RUN npm ci"],
    ["RUN |2 TOKEN=abc MODE=x y /bin/sh -c make # buildkit", "RUN make"],
    ["|1 TOKEN=abc /bin/sh -c make", "RUN make"],
    ["COPY server /app/server # buildkit", "COPY server /app/server"],
  ])("is read from %s", (created_by, expected) => {
    expect(firstFinding({}, [{ created_by: "LABEL a=b", empty_layer: true }, { created_by }]).layer).toEqual({
      diffId: DIFF_ID,
      digest: undefined,
      createdBy: expected,
    });
  });

  it("is unknown when the history does not fit the layers", () => {
    const history = [{ created_by: "one" }, { created_by: "two" }];

    expect(firstFinding({}, history).layer).toEqual({ diffId: DIFF_ID, digest: undefined, createdBy: undefined });
  });
});

describe("a report that is none", () => {
  it.each([
    ["", "not JSON"],
    ["{}", "SchemaVersion"],
    ['{"SchemaVersion":3,"ArtifactType":"container_image","Metadata":{}}', "SchemaVersion"],
    ['{"SchemaVersion":2,"ArtifactType":"container_image","Metadata":{},"Results":[{"Target":1}]}', "Results.0.Target"],
  ])("says what is wrong: %s", (text, problem) => {
    expect(parseReport(text)).toHaveProperty("detail", expect.stringContaining(problem));
  });
});

type Vulnerability = Readonly<Record<string, unknown>>;

function vulnerability(fields: Vulnerability = {}): Vulnerability {
  return {
    VulnerabilityID: "CVE-2024-0001",
    PkgName: "openssl",
    InstalledVersion: "1.0",
    Layer: { DiffID: DIFF_ID },
    ...fields,
  };
}

function findingsOf(vulnerabilities: readonly Vulnerability[], history: readonly object[] = []): readonly Finding[] {
  const report = TrivyReport.parse({
    SchemaVersion: 2,
    ArtifactType: "container_image",
    Metadata: { ImageConfig: { os: "linux", rootfs: { diff_ids: [DIFF_ID] }, history } },
    Results: [{ Target: "x", Class: "os-pkgs", Type: "debian", Packages: [{}], Vulnerabilities: vulnerabilities }],
  });
  const verdict = toScanReport(report, SCAN);
  return verdict.kind === "scanned" ? verdict.report.findings : [];
}

function firstFinding(fields: Vulnerability, history: readonly object[] = []): Finding {
  const [finding] = findingsOf([vulnerability(fields)], history);
  if (finding === undefined) throw new Error("There is no finding.");
  return finding;
}
