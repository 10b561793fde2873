import type { FileEntry } from "../layer.ts";

export interface ApkPackage {
  readonly name: string;
  /** With its release: 3.1.4-r5. */
  readonly version: string;
  /** The package it was built from, which Alpine's advisories name. Its own name when not given. */
  readonly origin?: string;
}

export interface ApkOptions {
  /** Alpine release: 3.19.1. */
  readonly release: string;
  /** x86_64 when not given. */
  readonly architecture?: string;
}

/** Alpine's release files and its database of installed packages. */
export function apkFiles(packages: readonly ApkPackage[], options: ApkOptions): readonly FileEntry[] {
  const { release, architecture = "x86_64" } = options;
  const osRelease = `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${release}\nPRETTY_NAME="Alpine Linux v${release}"\n`;
  return [
    { path: "etc/alpine-release", content: `${release}\n` },
    { path: "etc/os-release", content: osRelease },
    { path: "lib/apk/db/installed", content: packages.map((each) => installed(each, architecture)).join("") },
  ];
}

// https://wiki.alpinelinux.org/wiki/Apk_spec#Install_database
function installed({ name, version, origin = name }: ApkPackage, architecture: string): string {
  return `P:${name}\nV:${version}\nA:${architecture}\no:${origin}\n\n`;
}
