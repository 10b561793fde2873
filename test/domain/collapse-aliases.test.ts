import { expect, it } from "vitest";
import { collapseAliases } from "../../shared/domain/collapse-aliases.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { aFinding } from "../support/samples.ts";

const minimist = { name: "minimist", installedVersion: "1.2.5", type: "node-pkg" };

it.each([
  ["the CVE names the GHSA", { cve: ["GHSA-1"], ghsa: [] }],
  ["the GHSA names the CVE", { cve: [], ghsa: ["CVE-2026-1"] }],
  ["each names the other", { cve: ["GHSA-1"], ghsa: ["CVE-2026-1"] }],
])("one flaw under two names is one finding with the name of the CVE when %s", (_, { cve, ghsa }) => {
  const found = [named("GHSA-1", { aliases: ghsa }), named("CVE-2026-1", { aliases: cve })];

  expect(namesOf(collapseAliases(found))).toEqual([["CVE-2026-1", "GHSA-1"]]);
});

it("a GHSA is preferred to other names", () => {
  const found = [named("PYSEC-1", { aliases: ["GHSA-1"] }), named("GHSA-1", { aliases: [] })];

  expect(namesOf(collapseAliases(found))).toEqual([["GHSA-1", "PYSEC-1"]]);
});

it("the higher severity, the known fix with what to do about it, and all aliases stay", () => {
  const cve = named("CVE-2026-1", { severity: "medium", severitySource: "nvd", fixedVersion: undefined });
  const ghsa = named("GHSA-1", {
    aliases: ["CVE-2026-1", "SNYK-1"],
    severity: "high",
    severitySource: "ghsa",
    status: "fixed",
    fixedVersion: "1.2.6",
    remediation: "Upgrade minimist 1.2.5 to 1.2.6.",
  });

  expect(collapseAliases([cve, ghsa])).toEqual([
    {
      ...cve,
      aliases: ["GHSA-1", "SNYK-1"],
      severity: "high",
      severitySource: "ghsa",
      status: "fixed",
      fixedVersion: "1.2.6",
      remediation: "Upgrade minimist 1.2.5 to 1.2.6.",
    },
  ]);
});

it("flaws that only share an advisory stay apart", () => {
  const found = [named("CVE-2026-1", { aliases: ["DSA-9"] }), named("CVE-2026-2", { aliases: ["DSA-9"] })];

  expect(collapseAliases(found)).toEqual(found);
});

it("flaws that a third finding names stay apart, and it is told with both", () => {
  const found = [
    named("GHSA-1", { aliases: ["CVE-2026-1", "CVE-2026-2"] }),
    named("CVE-2026-1", { aliases: [] }),
    named("CVE-2026-2", { aliases: [] }),
  ];

  expect(namesOf(collapseAliases(found))).toEqual([
    ["CVE-2026-1", "GHSA-1", "CVE-2026-2"],
    ["CVE-2026-2", "GHSA-1", "CVE-2026-1"],
  ]);
});

it.each([
  ["name", { ...minimist, name: "other" }],
  ["version", { ...minimist, installedVersion: "1.2.4" }],
  ["kind", { ...minimist, type: "jar" }],
  ["place", { ...minimist, path: "opt/other/package.json" }],
])("findings of packages with another %s stay apart", (_, other) => {
  const found = [named("CVE-2026-1", { aliases: ["GHSA-1"] }), named("GHSA-1", { aliases: [], package: other })];

  expect(namesOf(collapseAliases(found)).map(([name]) => name)).toEqual(["CVE-2026-1", "GHSA-1"]);
});

it("20,000 findings of one package that share an advisory take less than a second", () => {
  const found = Array.from({ length: 20_000 }, (_, number) => named(`CVE-2026-${number}`, { aliases: ["DSA-9"] }));
  found.push(named("GHSA-1", { aliases: ["CVE-2026-7"] }));
  const began = performance.now();

  const collapsed = collapseAliases(found);

  expect(collapsed).toHaveLength(20_000);
  expect(performance.now() - began).toBeLessThan(1000);
});

function named(vulnerabilityId: string, changes: Partial<Finding>): Finding {
  return aFinding({ vulnerabilityId, aliases: [], package: minimist, ...changes });
}

function namesOf(findings: readonly Finding[]): readonly (readonly string[])[] {
  return findings.map(({ vulnerabilityId, aliases }) => [vulnerabilityId, ...aliases]);
}
