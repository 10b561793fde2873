import type { AffectedPackage } from "./advisory.ts";

/** Where trivy-db takes the advisories of a bucket from. Findings show it. */
export interface DataSource {
  readonly ID: string;
  readonly Name: string;
  readonly URL: string;
}

/** The root bucket that Trivy looks up for a package, and its source, as trivy-db names them (pkg/vulnsrc). */
export function dataSourceOf(affected: AffectedPackage): { readonly bucket: string; readonly source: DataSource } {
  const { ecosystem } = affected;
  switch (ecosystem) {
    case "npm":
    case "pip":
    case "maven":
      return library(ecosystem, GITHUB_ADVISORIES[ecosystem]);
    case "go":
      return library(ecosystem, isGoProject(affected.package) ? GO_VULNERABILITIES : GITHUB_ADVISORIES.go);
    default:
      return { bucket: ecosystem, source: distribution(ecosystem) };
  }
}

function distribution(ecosystem: string): DataSource {
  if (ecosystem.startsWith("debian ")) return DEBIAN;
  return ecosystem.startsWith("alpine ") ? ALPINE : ROCKY;
}

function library(ecosystem: string, source: DataSource) {
  return { bucket: `${ecosystem}::${source.Name}`, source };
}

/** For these trivy-db passes over GitHub's advisories (pkg/vulnsrc/ghsa). */
function isGoProject(modulePath: string): boolean {
  return modulePath === "stdlib" || modulePath.startsWith("golang.org/x/");
}

const DEBIAN = {
  ID: "debian",
  Name: "Debian Security Tracker",
  URL: "https://salsa.debian.org/security-tracker-team/security-tracker",
};
const ALPINE = { ID: "alpine", Name: "Alpine Secdb", URL: "https://secdb.alpinelinux.org/" };
const ROCKY = { ID: "rocky", Name: "Rocky Linux updateinfo", URL: "https://download.rockylinux.org/pub/rocky/" };
const GO_VULNERABILITIES = {
  ID: "govulndb",
  Name: "The Go Vulnerability Database",
  URL: "https://pkg.go.dev/vuln/",
};
const GITHUB_ADVISORIES = {
  npm: githubAdvisories("npm"),
  pip: githubAdvisories("pip"),
  maven: githubAdvisories("Maven"),
  go: githubAdvisories("Go"),
};

function githubAdvisories(ecosystem: string): DataSource {
  return {
    ID: "ghsa",
    Name: `GitHub Security Advisory ${ecosystem}`,
    URL: `https://github.com/advisories?query=type%3Areviewed+ecosystem%3A${ecosystem.toLowerCase()}`,
  };
}
