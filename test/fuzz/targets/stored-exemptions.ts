import type { Exemption } from "../../../shared/domain/exemption.ts";
import { parseStoredExemption, toStoredExemption } from "../../../shared/messages/stored-exemption.ts";
import { aDigest } from "../../support/samples.ts";
import { storedTarget } from "../stored-target.ts";

const at = new Date("2026-11-21T08:00:00Z");
const why = { owner: "team-web", reason: "The package is only there at build time.", createdAt: at };
const scope = { vulnerability: "CVE-2026-1", package: "curl", repository: "shop/**", platform: "linux/arm64" };

const exemptions: readonly Exemption[] = [
  { id: "one", scope: { ...scope, digest: aDigest() }, ...why, until: at, source: "api" },
  { id: "two", scope, ...why, source: "vex", verdict: { status: "fixed" } },
  {
    ...{ id: "three", scope, ...why, source: "vex" },
    verdict: { status: "not_affected", justification: "component_not_present" },
  },
];

export const target = storedTarget("documents of the store: exemptions", [
  {
    samples: exemptions.map((exemption) =>
      toStoredExemption({ exemption, savedAt: at, document: "https://supplier.example/1" }),
    ),
    comeBack: (document) => toStoredExemption(parseStoredExemption(document, "one")),
  },
]);
