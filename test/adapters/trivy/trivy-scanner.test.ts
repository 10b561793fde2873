import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRegistryHost, parseRepository } from "../../../shared/domain/image-reference.ts";
import { Secret } from "../../../shared/domain/secret.ts";
import { helmChart } from "../../support/images/artifacts.ts";
import { image } from "../../support/images/image.ts";
import { layer } from "../../support/images/layer.ts";
import { rpmFiles } from "../../support/images/packages/rpm.ts";
import { push } from "../../support/images/push.ts";
import * as samples from "../../support/images/sample-images.ts";
import { ROCKY_PACKAGES } from "../../support/images/sample-packages.ts";
import * as unscannable from "../../support/images/unscannable-images.ts";
import { aDigest } from "../../support/samples.ts";
import { buildVulnerabilityDatabase } from "../../support/trivy-database/build-vulnerability-database.ts";
import { publishDatabase } from "../../support/trivy-database/trivy-database.ts";
import { DATABASE_DATE, startReadyTrivyLab, startTrivyLab, type TrivyLab } from "./trivy-lab.ts";

describe("scanning with the real Trivy", () => {
  let lab: TrivyLab;

  beforeAll(async () => {
    lab = await startReadyTrivyLab();
  });

  afterAll(() => lab[Symbol.asyncDispose]());

  it("finds what the image has, says what to do, and knows the build step that brought it", async () => {
    const web = await lab.push(await samples.nodeImage());

    const outcome = await lab.scan(web);

    if (outcome.kind !== "scanned") throw new Error(JSON.stringify(outcome));
    const { findings, ...report } = outcome.report;
    expect(report).toMatchObject({
      image: web,
      scanner: { name: "trivy", version: "0.74.0" },
      database: { updatedAt: DATABASE_DATE },
      operatingSystem: { family: "debian", name: "12.5", endOfLife: false },
      packageCount: 10,
    });
    expect(findings.find(({ vulnerabilityId }) => vulnerabilityId === "CVE-2021-23337")).toMatchObject({
      aliases: ["GHSA-35jh-r3h4-6jhm"],
      package: {
        name: "lodash",
        installedVersion: "4.17.20",
        type: "node-pkg",
        purl: "pkg:npm/lodash@4.17.20",
        path: "usr/src/app/node_modules/lodash/package.json",
      },
      severity: "high",
      severitySource: "ghsa",
      status: "fixed",
      fixedVersion: "4.17.21",
      remediation: "Upgrade lodash 4.17.20 to 4.17.21.",
      layer: { createdBy: "RUN npm ci --omit=dev" },
    });
  });

  it("lends the raw report, and leaves nothing behind", async () => {
    const web = await lab.push(await samples.nodeImage());

    const rawReport = await lab.trivy.scanner.scan(web, async (outcome) => {
      if (outcome.kind !== "scanned") throw new Error(JSON.stringify(outcome));
      const report: unknown = JSON.parse(await readFile(outcome.rawReport.file, "utf8"));
      return report;
    });

    expect(rawReport).toMatchObject({ Metadata: { RepoDigests: [`${web.registry}/shop/web@${web.digest}`] } });
    expect(await readdir(join(lab.directory, "scratch"))).toEqual([]);
  });

  it.each([
    ["alpine", samples.alpineImage, ["CVE-2024-6119"]],
    ["rocky", samples.rockyImage, ["CVE-2024-6119"]],
    ["a Go program alone", samples.goImage, ["CVE-2023-45288"]],
    ["jars", samples.javaImage, ["CVE-2021-44228", "CVE-2022-1471"]],
    ["pip", samples.pythonImage, ["CVE-2024-22195", "CVE-2023-32681"]],
    ["distroless", samples.distrolessImage, ["CVE-2024-5535"]],
  ])("judges %s", async (_, make, expected) => {
    const outcome = await lab.scan(await lab.push(await make()));

    const found = outcome.kind === "scanned" ? outcome.report.findings.map((finding) => finding.vulnerabilityId) : [];
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  it("says that a release is out of support", async () => {
    const outcome = await lab.scan(await lab.push(await unscannable.endOfLifeImage()));

    expect(outcome).toMatchObject({
      report: { operatingSystem: { family: "alpine", name: "3.12.12", endOfLife: true } },
    });
  });

  it.each([
    ["Windows", "windows", unscannable.windowsImage],
    ["an image without packages", "no-packages", samples.scratchImage],
    ["an image without layers", "no-packages", async () => unscannable.emptyImage()],
    ["Fedora", "unsupported-distribution", fedoraImage],
    ["an operating system that nobody knows", "unsupported-distribution", unknownSystemImage],
    ["a chart", "not-an-image", () => helmChart({ name: "shop", version: "1.0.0" })],
  ])("says of %s that it cannot be judged: %s", async (_, reason, make) => {
    const outcome = await lab.scan(await lab.push(await make()));

    expect(outcome).toMatchObject({ kind: "unscannable", reason });
  });

  it("says that an image is gone, or a part of it", async () => {
    const web = await lab.push(await samples.nodeImage());
    const broken = await lab.push(await samples.pythonImage(), "shop/broken");
    lab.registry.faults.add({
      path: /shop\/broken\/blobs/,
      fault: { kind: "answer", status: 404, body: '{"errors":[{"code":"BLOB_UNKNOWN"}]}' },
    });

    expect(await lab.scan({ ...web, digest: aDigest("never pushed") })).toEqual({ kind: "imageGone" });
    expect(await lab.scan(broken)).toEqual({ kind: "imageGone" });
  });

  it.each([
    ["503", "registry-unavailable", { kind: "answer", status: 503 }],
    ["403", "registry-refused", { kind: "answer", status: 403 }],
    ["other bytes", "digest-mismatch", { kind: "corrupt" }],
  ] as const)("takes %s from the registry for %s", async (name, failure, fault) => {
    const image = await lab.push(await samples.alpineImage(), `faulty/${failure}-${name.replace(" ", "-")}`);
    lab.registry.faults.add({ path: new RegExp(`${image.repository}/(?:manifests|blobs)`), fault });

    expect(await lab.scan(image)).toMatchObject({ kind: "failed", failure });
  });

  it("takes a registry that does not answer for unavailable", async () => {
    const web = await lab.push(await samples.nodeImage());

    const outcome = await lab.scan({ ...web, registry: parseRegistryHost("127.0.0.1:1") });

    expect(outcome).toMatchObject({ kind: "failed", failure: "registry-unavailable" });
  });

  it("ends a scan that hangs on a silent registry, and one that is called off", async () => {
    const trivy = await lab.reopen({ settings: { scanTimeoutSeconds: 1 } });
    const silent = await lab.push(await samples.rockyImage([]), "shop/silent");
    lab.registry.faults.add({ path: /shop\/silent\/blobs/, fault: { kind: "hang" } });

    const outOfTime = await trivy.scanner.scan(silent, async (outcome) => outcome);
    const calledOff = await lab.scan(silent, AbortSignal.timeout(200));

    expect(outOfTime).toMatchObject({
      failure: "timeout",
      detail: "Trivy was stopped. It took longer than 1 seconds.",
    });
    expect(calledOff).toMatchObject({ failure: "timeout", detail: "Trivy was stopped. It was called off." });
  });

  it("scans as many images at a time as it has slots, and each of the others after them", async () => {
    const images = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => lab.push(image({ steps: [], config: { n } }), `many/${n}`)),
    );

    const outcomes = await Promise.all(images.map((each) => lab.scan(each)));

    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill("unscannable"));
    expect((await readdir(join(lab.directory, "slots"))).sort()).toEqual(["slot-1", "slot-2"]);
  });

  it("says what it would use now", async () => {
    expect(await lab.trivy.scanner.current()).toEqual({
      scanner: { name: "trivy", version: "0.74.0" },
      database: lab.trivy.currentDatabase.version(),
    });
    expect(lab.trivy.scanner.longestScanMs).toBeGreaterThan(600_000);
  });

  it("names itself trivy/0.74.0 to the registry", async () => {
    const image = await lab.push(await samples.alpineImage(), "names/agent");

    await lab.scan(image);

    const agents = lab.registry.requests.matching("GET", /names\/agent/).map(({ headers }) => headers["user-agent"]);
    expect(new Set(agents)).toEqual(new Set(["trivy/0.74.0"]));
  });
});

describe("scanning with a limit reached", () => {
  it.each([
    ["the database is too old", "database-unavailable", { maximumDatabaseAgeHours: 1e-6 }],
    ["the disk is full", "no-space", { diskReserveBytes: 2 ** 60 }],
    ["the report is too large", "bad-report", { reportLimitBytes: 100 }],
  ])("fails when %s: %s", async (_, failure, settings) => {
    await using lab = await startReadyTrivyLab();
    const image = await lab.push(await samples.alpineImage());
    const trivy = await lab.reopen({ settings });

    const outcome = await trivy.scanner.scan(image, async (outcome) => outcome);

    expect(outcome).toMatchObject({ kind: "failed", failure });
  });

  it("fails without a database, and an image with jars without a Java database", async () => {
    await using lab = await startTrivyLab();
    const [alpine, java] = [await lab.push(await samples.alpineImage()), await lab.push(await samples.javaImage())];

    const before = await lab.scan(alpine);
    await lab.publish("vulnerability", DATABASE_DATE);
    const refreshed = await lab.trivy.database.refresh();

    expect(before).toMatchObject({ failure: "database-unavailable" });
    expect(refreshed.kind).toBe("updated");
    expect(await lab.scan(alpine)).toMatchObject({ kind: "scanned" });
    expect(await lab.scan(java)).toHaveProperty("detail", expect.stringContaining("jars"));
  });

  it("empties a layer cache that is over its share", async () => {
    await using lab = await startReadyTrivyLab({ settings: { parallelScans: 1, layerCacheLimitBytes: 1 } });

    await lab.scan(await lab.push(await samples.alpineImage()));

    expect(await readdir(join(lab.directory, "slots", "slot-1"))).toEqual([]);
  });
});

describe("scanning in a registry that wants to know who asks", () => {
  const account = { username: "tester", password: "let-me-in" };

  it("signs in, and is refused with another password", async () => {
    await using lab = await startTrivyLab({ auth: { kind: "basic", ...account } });
    const database = buildVulnerabilityDatabase({ advisories: [], updatedAt: DATABASE_DATE });
    await publishDatabase(lab.registry.url, "trivy-db", database, account);
    const pushed = await push(lab.registry.url, "shop/web", await samples.nodeImage(), account);
    const web = { ...pushed, registry: lab.registry.host, repository: parseRepository("shop/web") };
    const scanWith = async (password: string) => {
      const credentials = async () => ({ kind: "basic", username: "tester", password: new Secret(password) }) as const;
      const trivy = await lab.reopen({ trivy: { credentials } });
      await trivy.database.refresh();
      return trivy.scanner.scan(web, async (outcome) => outcome);
    };

    expect(await scanWith(account.password)).toMatchObject({ kind: "scanned" });
    expect(await scanWith("let-me-out")).toMatchObject({ kind: "failed", failure: "registry-refused" });
    // Trivy would take it for two passwords.
    expect(await scanWith("let,me,in")).toHaveProperty(
      "detail",
      expect.stringContaining("it has a comma or white space"),
    );
  });
});

async function fedoraImage() {
  const osRelease = { path: "etc/os-release", content: 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=40\n' };
  const files = rpmFiles(ROCKY_PACKAGES, { distribution: "rocky", release: "9.4" });
  const packages = files.filter(({ path }) => path.includes("rpm"));
  return image({ steps: [await layer([...packages, osRelease], "ADD fedora.tar /")] });
}

async function unknownSystemImage() {
  const status = "Package: base\nStatus: install ok installed\nVersion: 1.0\nArchitecture: amd64\n\n";
  return image({ steps: [await layer([{ path: "var/lib/dpkg/status", content: status }], "ADD root.tar /")] });
}
