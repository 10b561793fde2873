import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installedVersion, packageName, vulnerabilityOf, type PlannedDatabase } from "../plan/planned-database.ts";

/**
 * A program in Trivy's place that takes some 10 ms for a scan, because hundreds of them are interrupted here and it is
 * not Trivy that is tested. It answers what the real one would: every few rounds run with that. Databases are downloaded
 * and tried out by the real one.
 */
export interface ScriptedScanner {
  readonly path: string;
  readonly behave: (behaviour: ScannerBehaviour) => Promise<void>;
  /** What it will find in the image when it has the database of this date. */
  readonly teach: (
    digest: string,
    updatedAt: Date,
    packages: readonly number[],
    known: PlannedDatabase,
  ) => Promise<void>;
}

export type ScannerBehaviour = keyof typeof behaviours;

const behaviours = {
  works: "",
  withoutSpace: "echo 'FATAL Fatal error run error: write layer: no space left on device' >&2; exit 1",
  crashes: "echo 'panic: runtime error: index out of range [3] with length 3' >&2; exit 2",
  hangs: "exec sleep 600",
} as const;

export async function scriptedScanner(directory: string, realTrivy: string): Promise<ScriptedScanner> {
  const [path, reports, behaviour] = [
    join(directory, "trivy"),
    join(directory, "reports"),
    join(directory, "behaviour"),
  ];
  await mkdir(reports, { recursive: true });
  await writeFile(behaviour, behaviours.works);
  await writeFile(path, script({ realTrivy, reports, behaviour }));
  await chmod(path, 0o755);
  return {
    path,
    behave: (name) => writeFile(behaviour, behaviours[name]),
    teach: (digest, updatedAt, packages, known) =>
      writeFile(join(reports, `${digest}@${secondsOf(updatedAt)}`), JSON.stringify(reportOf(packages, known))),
  };
}

/** It leaves a file in its scratch directory, and writes its report in two halves: both are there to be interrupted. */
function script({ realTrivy, reports, behaviour }: Readonly<Record<"realTrivy" | "reports" | "behaviour", string>>) {
  return `#!/bin/sh
case "$*" in
  *--download-*|sbom*) exec '${realTrivy}' "$@" ;;
  *" version "*) echo '{"Version":"0.74.0"}'; exit 0 ;;
esac
report= cache= last=
for argument in "$@"; do
  case "$last" in
    --output) report=$argument ;;
    --cache-dir) cache=$argument ;;
  esac
  last=$argument
done
echo unpacked > ./layer.partial
if [ "$1" = convert ]; then
  echo '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}' > "$report"
  exit 0
fi
. '${behaviour}'
read -r metadata < "$cache/db/metadata.json" || [ -n "$metadata" ] || exit 3
updated=\${metadata#*UpdatedAt*:*\\"}
source='${reports}'/\${last##*@}@\${updated%%[.Z]*}
head -c 200 "$source" > "$report" || exit 3
tail -c +201 "$source" >> "$report"
`;
}

function secondsOf(date: Date): string {
  return date.toISOString().slice(0, 19);
}

function reportOf(packages: readonly number[], known: PlannedDatabase) {
  return {
    SchemaVersion: 2,
    ArtifactType: "container_image",
    Metadata: { ImageConfig: { os: "linux" } },
    Results: [
      {
        Target: "Node.js",
        Class: "lang-pkgs",
        Type: "node-pkg",
        Packages: packages.map((number) => ({ Name: packageName(number), Version: installedVersion })),
        Vulnerabilities: packages.flatMap((number) => vulnerabilityIn(number, known)),
      },
    ],
  };
}

function vulnerabilityIn(number: number, known: PlannedDatabase) {
  const flaw = known.get(number);
  if (flaw === undefined) return [];
  return [
    {
      VulnerabilityID: vulnerabilityOf(number),
      PkgName: packageName(number),
      PkgPath: `usr/src/app/node_modules/${packageName(number)}/package.json`,
      PkgIdentifier: { PURL: `pkg:npm/${packageName(number)}@${installedVersion}` },
      InstalledVersion: installedVersion,
      ...(flaw.fixed ? { FixedVersion: "2.0.0", Status: "fixed" } : { Status: "affected" }),
      Title: `${packageName(number)}: made up for a test`,
      SeveritySource: "ghsa",
      Severity: flaw.severity.toUpperCase(),
    },
  ];
}
