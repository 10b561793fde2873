import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { sampleArtifacts, sampleImages, unscannableSamples } from "../support/images/sample-catalogue.ts";
import { multiPlatformIndex } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { bareTrivy, purlsOf, type BareFinding, type BareTrivy } from "./bare-trivy.ts";
import { quiet } from "./quiet.ts";
import { readFindings, readImages, type FindingJson, type ImageJson } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { toldAbout } from "./told-about.ts";

let lab: Lab;
let bare: BareTrivy;
let images: readonly ImageJson[];

beforeAll(async () => {
  lab = await startLab({ trivy: realTrivy(), advisories: foundation });
  bare = await bareTrivy(lab.registry.host);
  const samples = [...(await sampleImages()), ...(await unscannableSamples()), ...(await sampleArtifacts())];
  for (const { repository, tag, manifest } of samples)
    await push(lab.registry.url, repository, manifest, { tags: tag === undefined ? [] : [tag] });
  await quiet(lab, { sboms: true });
  images = await readImages(lab);
});

afterAll(async () => {
  await bare[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

describe("an image of every kind, pushed to the registry and scanned by the real Trivy", () => {
  it.each([
    ["apk", "base/alpine", "CVE-2023-42366"],
    ["dpkg", "base/debian", "CVE-2024-6119"],
    ["rpm", "base/rocky", "CVE-2024-6119"],
    ["npm", "shop/web", "CVE-2021-23337"],
    ["pip", "shop/recommendations", "CVE-2024-22195"],
    ["a Go program", "shop/gateway", "CVE-2023-45288"],
    ["jars", "shop/orders", "CVE-2021-44228"],
    ["distroless", "shop/worker", "CVE-2024-5535"],
  ])("%s: has the findings of a bare `trivy image`, and is announced once", async (_, repository, known) => {
    const image = only(imagesOf(repository).filter(({ state }) => state.kind === "scanned"));

    const findings = await readFindings(lab, image);

    expect(findings.map(ours).sort()).toEqual((await bare.findings(repository, image.digest)).map(theirs).sort());
    expect(findings.map(({ vulnerabilityId }) => vulnerabilityId)).toContain(known);
    const { event } = only(toldAbout(lab, image));
    expect(event.type).toBe("dev.tidewatch.findings.changed");
    expect(event.data.findings?.map(({ vulnerabilityId, change }) => `${change} ${vulnerabilityId}`)).toEqual(
      findings.map(({ vulnerabilityId }) => `opened ${vulnerabilityId}`),
    );
  });

  it("three platforms with attestations: three scans, announced together once, and a record of each attestation", async () => {
    const { images: platforms, manifests } = await multiPlatformIndex();
    const edge = imagesOf("shop/edge");

    expect(edge.map(({ state }) => state.kind).sort()).toEqual([
      "expanded",
      ...["scanned", "scanned", "scanned"],
      ...["unscannable", "unscannable", "unscannable"],
    ]);
    for (const { descriptor, platform } of platforms) {
      const image = only(edge.filter(({ digest }) => digest === descriptor.digest));
      const findings = await readFindings(lab, image);

      expect(image.platform).toBe([platform.os, platform.architecture, platform.variant].filter(Boolean).join("/"));
      expect(findings.map(ours).sort()).toEqual((await bare.findings("shop/edge", image.digest)).map(theirs).sort());
      expect(findings.length).toBeGreaterThan(0);
    }
    const scanned = edge.filter(({ state }) => state.kind === "scanned");
    expect(scanned.flatMap((image) => toldAbout(lab, image))).toEqual([]);
    const { event } = only(toldAbout(lab, only(edge.filter(({ state }) => state.kind === "expanded"))));
    expect(event.data.platforms?.map(({ platform }) => platform).toSorted()).toEqual(
      scanned.map(({ platform }) => platform).toSorted(),
    );
    const attestations = manifests.slice(platforms.length).map(({ descriptor }) => descriptor.digest);
    const recorded = edge.filter(({ state }) => state.kind === "unscannable");
    expect(recorded.map(({ digest }) => digest).sort()).toEqual(attestations.sort());
    for (const attestation of recorded) {
      expect(attestation.state.reason).toBe("not-an-image");
      expect(attestation.state.detail).toMatch(/^attestation/);
      expect(toldAbout(lab, attestation)).toEqual([]);
    }
  });

  it.each(["base/alpine", "base/rocky", "shop/web", "shop/recommendations", "shop/orders", "shop/worker"])(
    "%s: its stored SBOM names the packages that `trivy image --format cyclonedx` names",
    async (repository) => {
      const image = only(imagesOf(repository).filter(({ state }) => state.kind === "scanned"));
      const file = join(lab.stateDirectory, "blobs", `sboms_${image.scan?.id ?? ""}.cdx.json.gz`);

      const purls = purlsOf(JSON.parse(gunzipSync(await readFile(file)).toString()));

      expect(purls).toEqual(await bare.purls(repository, image.digest));
      expect(purls.length).toBeGreaterThan(0);
    },
  );

  it("no raw report is left once the SBOMs are stored", async () => {
    const scanned = images.filter(({ state }) => state.kind === "scanned");

    const blobs = await readdir(join(lab.stateDirectory, "blobs"));

    expect(blobs.filter((name) => name.startsWith("reports"))).toEqual([]);
    expect(blobs.filter((name) => name.startsWith("sboms"))).toHaveLength(scanned.length);
    expect(await readdir(join(lab.stateDirectory, "scratch"))).toEqual([]);
  });
});

describe("an image that cannot be judged never reads as one without vulnerabilities", () => {
  it.each([
    ["windows", "legacy/desktop"],
    ["encrypted", "legacy/sealed"],
    ["no-packages", "legacy/empty"],
    ["no-packages", "shop/landing-page"],
  ])("%s: the API and the alert say so (%s)", async (reason, repository) => {
    const image = only(imagesOf(repository));
    const webhook = only(toldAbout(lab, image));

    expect(image.state).toMatchObject({ kind: "unscannable", reason });
    expect(image.state.detail).toMatch(/\w{3}/);
    expect(image.scan).toBeUndefined();
    expect(webhook.event).toMatchObject({ type: "dev.tidewatch.image.unscannable", data: { reason } });
    expect(webhook.body).not.toContain('"counts"');
  });

  it("end of life: the API and the alert say so", async () => {
    const image = only(imagesOf("legacy/alpine"));

    expect(image.scan).toMatchObject({ operatingSystem: { family: "alpine", endOfLife: true } });
    expect(only(toldAbout(lab, image)).event.data).toMatchObject({ scan: { endOfLife: true } });
    expect(only(toldAbout(lab, only(imagesOf("base/rocky")))).event.data).toMatchObject({ scan: { endOfLife: false } });
  });

  it("charts, signatures and SBOMs are recorded, and not told", () => {
    const artifacts = [...imagesOf("charts/shop"), ...imagesOf("shop/web")].filter(
      ({ state }) => state.kind === "unscannable",
    );

    expect(artifacts.map(({ state }) => state.reason)).toEqual(["not-an-image", "not-an-image", "not-an-image"]);
    expect(artifacts.flatMap((artifact) => toldAbout(lab, artifact))).toEqual([]);
  });

  it("every manifest has come to an end, and every webhook was signed", () => {
    const unended = images.filter(({ state }) => ["waiting", "scanning", "failed"].includes(state.kind));

    expect(unended).toEqual([]);
    expect(lab.webhooks.forged).toEqual([]);
  });
});

function imagesOf(repository: string): readonly ImageJson[] {
  return images.filter((image) => image.repository === repository);
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  expect(items).toHaveLength(1);
  if (item === undefined) throw new Error("There is none.");
  return item;
}

function ours({ vulnerabilityId, package: { name, installedVersion, purl }, ...finding }: FindingJson): string {
  const { fixedVersion, severity, status, cvss, layer } = finding;
  return line(
    vulnerabilityId,
    name,
    installedVersion,
    fixedVersion,
    severity,
    status,
    purl,
    cvss?.score,
    layer?.digest,
  );
}

/** The score is that of who set the severity, or else of whoever gave one. */
function theirs({ VulnerabilityID, PkgName, InstalledVersion, FixedVersion, ...finding }: BareFinding): string {
  const { Severity, Status, PkgIdentifier, CVSS = {}, SeveritySource, Layer } = finding;
  const score = (CVSS[SeveritySource ?? "nvd"] ?? CVSS["nvd"] ?? Object.values(CVSS)[0])?.V3Score;
  const severity = Severity.toLowerCase();
  const { PURL } = PkgIdentifier;
  return line(VulnerabilityID, PkgName, InstalledVersion, FixedVersion, severity, Status, PURL, score, Layer.Digest);
}

function line(...parts: readonly (string | number | undefined)[]): string {
  return parts.map((part) => part ?? "-").join(" ");
}
