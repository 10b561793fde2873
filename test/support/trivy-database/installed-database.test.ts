import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { CVE_2024_2398 } from "../../fixtures/advisories/distribution-packages.ts";
import { foundation, laterAdvisory } from "../../fixtures/advisories/foundation.ts";
import type { FileEntry } from "../images/layer.ts";
import { apkFiles } from "../images/packages/apk.ts";
import { dpkgFiles } from "../images/packages/dpkg.ts";
import { goBinary } from "../images/packages/go-binary.ts";
import { jar } from "../images/packages/jar.ts";
import { npmFiles } from "../images/packages/npm.ts";
import { pipFiles } from "../images/packages/pip.ts";
import { rpmFiles } from "../images/packages/rpm.ts";
import * as samples from "../images/sample-packages.ts";
import { trivyPath } from "../trivy-path.ts";
import { buildJavaDatabase } from "./build-java-database.ts";
import { buildVulnerabilityDatabase } from "./build-vulnerability-database.ts";
import { installDatabase } from "./trivy-database.ts";
import { withoutFix } from "./without-fix.ts";

const trivy = trivyPath();
const updatedAt = new Date("2026-11-20T06:00:00Z");
const jars = samples.JARS.map((artifact) => ({ artifact, ...jar(artifact, { pomProperties: false }) }));
const java = buildJavaDatabase({ artifacts: jars.map(({ artifact, sha1 }) => ({ ...artifact, sha1 })), updatedAt });

describe("Trivy", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "installed-database-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it("finds what the advisories say of Debian's packages and of every language's", async () => {
    const findings = await findingsOf(DEBIAN_ROOT, foundation);

    expect(findings.map(line)).toEqual([
      "curl CVE-2024-2398 MEDIUM - fixed 7.88.1-10+deb12u6",
      "libcurl4 CVE-2024-2398 MEDIUM - fixed 7.88.1-10+deb12u6",
      "libssl3 CVE-2024-6119 HIGH nvd fixed 3.0.14-1~deb12u2",
      "libssl3 CVE-2024-5535 LOW - fixed 3.0.15-1~deb12u1",
      "openssl CVE-2024-6119 HIGH nvd fixed 3.0.14-1~deb12u2",
      "openssl CVE-2024-5535 LOW - fixed 3.0.15-1~deb12u1",
      "zlib1g CVE-2023-45853 CRITICAL nvd will_not_fix",
      "org.apache.logging.log4j:log4j-core CVE-2021-44228 CRITICAL ghsa fixed 2.15.0, 2.3.1, 2.12.2",
      "org.yaml:snakeyaml CVE-2022-1471 HIGH ghsa fixed 2.0",
      "lodash CVE-2021-23337 HIGH ghsa fixed 4.17.21",
      "minimist CVE-2021-44906 CRITICAL ghsa fixed 1.2.6, 0.2.4",
      "Jinja2 CVE-2024-22195 MEDIUM ghsa fixed 3.1.3",
      "requests CVE-2023-32681 MEDIUM ghsa fixed 2.31.0",
      "golang.org/x/net CVE-2023-45288 HIGH - fixed 0.23.0",
      "stdlib CVE-2023-45288 HIGH - fixed 1.21.9, 1.22.2",
    ]);
  });

  it("finds what they say of Alpine's packages", async () => {
    const findings = await findingsOf(ALPINE_ROOT, foundation);

    expect(findings.map(line)).toEqual([
      "busybox CVE-2023-42366 MEDIUM nvd fixed 1.36.1-r16",
      "libcrypto3 CVE-2024-6119 HIGH nvd fixed 3.1.7-r0",
      "libcrypto3 CVE-2024-2511 LOW - fixed 3.1.4-r6",
      "libssl3 CVE-2024-6119 HIGH nvd fixed 3.1.7-r0",
      "libssl3 CVE-2024-2511 LOW - fixed 3.1.4-r6",
    ]);
  });

  it("finds what they say of Rocky's packages, with Rocky's own severity", async () => {
    const findings = await findingsOf(ROCKY_ROOT, foundation);

    expect(findings.map(line)).toEqual(["openssl-libs CVE-2024-6119 MEDIUM rocky fixed 1:3.0.7-28.el9_4"]);
  });

  it("tells the details of a finding", async () => {
    const findings = await findingsOf(ALPINE_ROOT, foundation);

    expect(findings.find(({ VulnerabilityID }) => VulnerabilityID === "CVE-2024-6119")).toMatchObject({
      Title: "openssl: Possible denial of service in X.509 name checks",
      PrimaryURL: "https://avd.aquasec.com/nvd/cve-2024-6119",
      CweIDs: ["CWE-843"],
      VendorSeverity: { nvd: 3, redhat: 2, rocky: 2, ubuntu: 2 },
      CVSS: { nvd: { V3Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", V3Score: 7.5 } },
      DataSource: { ID: "alpine", Name: "Alpine Secdb", URL: "https://secdb.alpinelinux.org/" },
      PublishedDate: "2024-09-03T16:15:07.177Z",
      LastModifiedDate: "2025-06-03T10:51:54.117Z",
    });
  });

  it("finds one more vulnerability with the later database", async () => {
    const before = await findingsOf(DEBIAN_ROOT, foundation);
    const after = await findingsOf(DEBIAN_ROOT, [...foundation, laterAdvisory]);

    expect(after.map(line).filter((each) => !before.map(line).includes(each))).toEqual([
      "libssl3 CVE-2025-15467 HIGH - fixed 3.0.18-1~deb12u2",
      "openssl CVE-2025-15467 HIGH - fixed 3.0.18-1~deb12u2",
    ]);
  });

  it("finds no fixed version before there was one", async () => {
    const findings = await findingsOf(DEBIAN_ROOT, [withoutFix(CVE_2024_2398)]);

    expect(findings.map(line)).toEqual([
      "curl CVE-2024-2398 MEDIUM - affected",
      "libcurl4 CVE-2024-2398 MEDIUM - affected",
    ]);
  });

  async function findingsOf(root: readonly FileEntry[], advisories: typeof foundation): Promise<readonly Finding[]> {
    const place = await mkdtemp(join(folder, "scan-"));
    const [cache, rootfs] = [join(place, "cache"), join(place, "rootfs")];
    await installDatabase(cache, buildVulnerabilityDatabase({ advisories, updatedAt }));
    await installDatabase(cache, java);
    for (const { path, content, mode } of root) {
      await mkdir(dirname(join(rootfs, path)), { recursive: true });
      await writeFile(join(rootfs, path), content, { mode });
    }
    const scan = ["rootfs", "--cache-dir", cache, ...OPTIONS, rootfs];
    const { stdout } = await execa(trivy, scan, { timeout: 60_000 });
    return reportSchema.parse(JSON.parse(stdout)).Results.flatMap(({ Vulnerabilities }) => Vulnerabilities);
  }
});

const DEBIAN_ROOT = [
  ...dpkgFiles(samples.DEBIAN_PACKAGES, { distribution: "debian", release: samples.DEBIAN_RELEASE }),
  ...npmFiles(samples.NPM_PACKAGES),
  ...pipFiles(samples.PIP_PACKAGES),
  goBinary({ modulePath: "example.com/server", goVersion: samples.GO_VERSION, modules: samples.GO_MODULES }),
  ...jars.map(({ file }) => file),
];
const ALPINE_ROOT = apkFiles(samples.ALPINE_PACKAGES, { release: samples.ALPINE_RELEASE });
const ROCKY_ROOT = rpmFiles(samples.ROCKY_PACKAGES, { distribution: "rocky", release: samples.ROCKY_RELEASE });

type Finding = z.infer<typeof findingSchema>;

const findingSchema = z.looseObject({
  VulnerabilityID: z.string(),
  PkgName: z.string(),
  Severity: z.string(),
  SeveritySource: z.string().default("-"),
  Status: z.string(),
  FixedVersion: z.string().default(""),
});
const reportSchema = z.object({ Results: z.array(z.object({ Vulnerabilities: z.array(findingSchema).default([]) })) });

function line({ PkgName, VulnerabilityID, Severity, SeveritySource, Status, FixedVersion }: Finding): string {
  return [PkgName, VulnerabilityID, Severity, SeveritySource, Status, FixedVersion].join(" ").trim();
}

const OPTIONS = [
  ...["--skip-db-update", "--skip-java-db-update", "--offline-scan", "--skip-version-check", "--disable-telemetry"],
  ...["--scanners", "vuln", "--format", "json", "--quiet"],
];
