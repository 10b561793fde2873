import { describe, expect, it } from "vitest";
import { parseVexDocument } from "../../shared/messages/openvex.ts";
import { toVexDocument } from "../../shared/messages/vex-document.ts";
import type { TrackedFinding } from "../../shared/domain/tracked-finding.ts";
import { aDigest, aFinding, anImage, anImageRecord } from "../support/samples.ts";

const digest = aDigest("web");
const image = `pkg:oci/web@${encodeURIComponent(digest)}?repository_url=shop.azurecr.io/team/web`;
const openssl = "pkg:deb/debian/openssl";

describe("an OpenVEX document", () => {
  it("exempts what is not affected or fixed, under each of its names, and says what it ignores", () => {
    const statements = [
      aStatement({
        vulnerability: { name: "CVE-2026-1", aliases: ["GHSA-aaaa-bbbb-cccc"] },
        products: [{ "@id": image, subcomponents: [{ "@id": openssl }] }],
      }),
      aStatement({ vulnerability: { name: "CVE-2026-2" }, status: "fixed", status_notes: "Patched." }),
      aStatement({ vulnerability: { name: "CVE-2026-3" }, status: "affected", action_statement: "Upgrade." }),
      aStatement({ vulnerability: { name: "CVE-2026-4" }, products: [] }),
      aStatement({ vulnerability: { name: "CVE-2026-5" }, products: [{ "@id": "pkg:oci/web?tag=1.2" }] }),
    ];

    const { exemptions, ignored } = parseVexDocument(aDocument(statements));

    expect(exemptions.map(({ scope, verdict }) => ({ ...scope, status: verdict?.status }))).toEqual([
      { vulnerability: "CVE-2026-1", digest, package: openssl, status: "not_affected" },
      { vulnerability: "GHSA-aaaa-bbbb-cccc", digest, package: openssl, status: "not_affected" },
      { vulnerability: "CVE-2026-2", digest, status: "fixed" },
    ]);
    expect(exemptions[0]).toMatchObject({ owner: "Supplier", source: "vex", reason: "vulnerable_code_not_present" });
    expect(exemptions[2]).toMatchObject({ reason: "fixed: Patched." });
    expect(ignored.map(({ vulnerability, why }) => [vulnerability, why])).toEqual([
      ["CVE-2026-3", "Its status is affected."],
      ["CVE-2026-4", expect.stringContaining("no product")],
      ["CVE-2026-5", expect.stringContaining("digest")],
    ]);
  });

  it("says last what its newest statement says, wherever that stands", () => {
    const statements = [
      aStatement({ status: "affected", timestamp: "2026-02-02T00:00:00Z" }),
      aStatement({ timestamp: "2026-02-01T00:00:00Z" }),
    ];

    const { exemptions, ignored } = parseVexDocument(aDocument(statements));

    expect([exemptions.length, ignored.length]).toEqual([0, 2]);
  });

  it.each([
    ["pkg:oci/web?repository_url=shop.azurecr.io/team/web", { repository: "shop.azurecr.io/team/web" }],
    [
      "pkg:oci/web?repository_url=shop.azurecr.io/team/web&arch=arm64",
      { repository: "shop.azurecr.io/team/web", platform: "linux/arm64" },
    ],
    ["pkg:oci/web", { repository: "**/web" }],
    [openssl, { package: openssl }],
  ])("means by the product %s what it names", (product, scope) => {
    const { exemptions } = parseVexDocument(
      aDocument([aStatement({ products: [{ identifiers: { purl: product } }] })]),
    );

    expect(exemptions.map((each) => each.scope)).toEqual([{ vulnerability: "CVE-2026-1", ...scope }]);
  });

  it.each(["https://shop.example/web", "pkg:oci/web?repository_url=**", "pkg:oci/web@1.2"])(
    "never means more by %s than it names",
    (product) => {
      const { exemptions, ignored } = parseVexDocument(aDocument([aStatement({ products: [{ "@id": product }] })]));

      expect([exemptions.length, ignored.length]).toEqual([0, 1]);
    },
  );

  it("is refused with all that is wrong with it", () => {
    const wrong = {
      ...aDocument([aStatement({ justification: undefined })]),
      "@context": "https://openvex.dev/ns/v9.0.0",
    };

    expect(() => parseVexDocument(wrong)).toThrow(/@context: expected .*statements\.0: not_affected needs/);
  });
});

describe("our own OpenVEX document of an image", () => {
  const since = new Date("2026-03-02T10:00:00Z");
  const record = anImageRecord({ image: anImage({ digest }) });
  const common = { owner: "team", reason: "Not used here.", source: "file" as const };
  const exemptions = [
    { id: "taken", scope: { vulnerability: "CVE-2026-1" }, ...common },
    { id: "harmless", scope: { vulnerability: "CVE-2026-2" }, ...common, verdict: { status: "not_affected" as const } },
  ];
  const findings: readonly TrackedFinding[] = [
    { ...aFinding({ vulnerabilityId: "CVE-2026-1" }), firstSeenAt: since, exemption: { id: "taken", since } },
    { ...aFinding({ vulnerabilityId: "CVE-2026-2" }), firstSeenAt: since, exemption: { id: "harmless", since } },
    { ...aFinding({ vulnerabilityId: "CVE-2026-3" }), firstSeenAt: since },
  ];

  it("calls a taken risk affected, and what does no harm not_affected", () => {
    const document = toVexDocument(record, findings, exemptions);

    expect(document).toMatchObject({
      statements: [
        {
          vulnerability: { name: "CVE-2026-1" },
          status: "affected",
          action_statement: "Accepted by team: Not used here.",
        },
        { vulnerability: { name: "CVE-2026-2" }, status: "not_affected", impact_statement: "Not used here." },
      ],
    });
    expect(toVexDocument(record, findings.toReversed(), exemptions)).toEqual(document);
  });

  it("can be taken again", () => {
    const { exemptions: made, ignored } = parseVexDocument(
      JSON.parse(JSON.stringify(toVexDocument(record, findings, exemptions))),
    );

    expect(made.map(({ scope }) => [scope.vulnerability, scope.digest])).toEqual(
      expect.arrayContaining([["CVE-2026-2", digest]]),
    );
    expect(ignored).toMatchObject([{ vulnerability: "CVE-2026-1", why: "Its status is affected." }]);
  });
});

function aStatement(changes: object = {}): object {
  return {
    vulnerability: { name: "CVE-2026-1" },
    products: [{ "@id": image }],
    status: "not_affected",
    justification: "vulnerable_code_not_present",
    ...changes,
  };
}

function aDocument(statements: readonly object[]): object {
  return {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://supplier.example/vex/1",
    author: "Supplier",
    timestamp: "2026-01-01T00:00:00Z",
    version: 1,
    statements,
  };
}
