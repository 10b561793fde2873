import { DatabaseSync } from "node:sqlite";
import type { FileEntry } from "../layer.ts";
import { rpmHeader } from "./rpm-header.ts";

export interface RpmPackage {
  readonly name: string;
  readonly epoch?: number;
  readonly version: string;
  readonly release: string;
  /** x86_64 when not given. */
  readonly architecture?: string;
  /** File name of the source package: openssl-3.0.7-24.el9.src.rpm. */
  readonly sourceRpm: string;
  /** The distribution's own when not given. Trivy takes other vendors' packages for third-party ones. */
  readonly vendor?: string;
  /** For a package of a module stream: nodejs:18:8090020231019152822:a75119d5. */
  readonly modularityLabel?: string;
}

export interface RpmOptions {
  readonly distribution: keyof typeof DISTRIBUTIONS;
  /** 9.4 */
  readonly release: string;
}

const DISTRIBUTIONS = {
  rocky: { name: "Rocky Linux", vendor: "Rocky Enterprise Software Foundation", releaseFile: "etc/rocky-release" },
  almalinux: { name: "AlmaLinux", vendor: "AlmaLinux", releaseFile: "etc/almalinux-release" },
  rhel: { name: "Red Hat Enterprise Linux", vendor: "Red Hat, Inc.", releaseFile: "etc/redhat-release" },
} as const;

/** The release files of a distribution of Red Hat's family and rpm's database as rpm 4.16 and later write it. */
export function rpmFiles(packages: readonly RpmPackage[], { distribution, release }: RpmOptions): readonly FileEntry[] {
  const { name, vendor, releaseFile } = DISTRIBUTIONS[distribution];
  const headers = packages.map((each) => rpmHeader({ vendor, architecture: "x86_64", ...each }));
  const osRelease = `NAME="${name}"\nID="${distribution}"\nVERSION_ID="${release}"\n`;
  return [
    { path: releaseFile, content: `${name} release ${release}\n` },
    { path: "etc/os-release", content: osRelease },
    { path: "var/lib/rpm/rpmdb.sqlite", content: databaseOf(headers) },
  ];
}

/** https://github.com/rpm-software-management/rpm/blob/rpm-4.16.0-release/lib/backend/sqlite.c */
function databaseOf(headers: readonly Uint8Array[]): Uint8Array {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
    const insert = database.prepare("INSERT INTO Packages (blob) VALUES (?)");
    for (const header of headers) insert.run(header);
    return database.serialize();
  } finally {
    database.close();
  }
}
