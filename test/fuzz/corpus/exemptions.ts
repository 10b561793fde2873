import { aDigest } from "../../support/samples.ts";

export const exemptionFile = `exemptions:
  - id: openssl-in-base
    vulnerability: CVE-2026-1001
    package: openssl
    repository: "shop/**"
    owner: platform@shop.example
    reason: The vulnerable call is never made.
    until: 2027-03-31
  - id: one-image
    vulnerability: GHSA-abcd-efgh-ijkm
    package: pkg:npm/lodash@4.17.20
    digest: ${aDigest()}
    platform: linux/arm64/v8
    owner: team-web
    reason: The package is only there at build time.
    justification: vulnerable_code_not_in_execute_path
    until: 2027-03-31T12:00:00Z
    createdAt: 2026-11-21T08:30:00Z
`;

/** With every form of product that the specification shows (github.com/openvex/spec). */
export const vexDocuments: readonly string[] = [
  {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://openvex.dev/docs/example/vex-9fb3463de1b57",
    author: "Wolfi J Inkinson",
    role: "Document Creator",
    timestamp: "2023-01-08T18:02:03.647787998-06:00",
    version: 1,
    statements: [
      {
        vulnerability: { name: "CVE-2014-123456", aliases: ["GHSA-abcd-efgh-ijkm"] },
        products: [
          { "@id": "pkg:apk/distro/git@2.39.0-r1?arch=armv7" },
          { "@id": `pkg:oci/web@${aDigest()}?repository_url=shop.azurecr.io/team/web` },
        ],
        status: "fixed",
      },
      {
        vulnerability: { name: "CVE-2026-1001" },
        timestamp: "2026-11-21T08:00:00Z",
        products: [
          {
            "@id": "pkg:oci/web?repository_url=shop.azurecr.io/team/web&arch=arm64",
            subcomponents: [{ "@id": "pkg:deb/debian/openssl@3.0.11" }],
          },
        ],
        status: "not_affected",
        justification: "vulnerable_code_not_in_execute_path",
        impact_statement: "The vulnerable call is never made.",
      },
      { vulnerability: { name: "CVE-2026-1002" }, products: [{ "@id": "pkg:oci/web" }], status: "under_investigation" },
    ],
  },
].map((document) => JSON.stringify(document));
