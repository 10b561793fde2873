import type { FileEntry } from "../layer.ts";

export interface PipPackage {
  readonly name: string;
  readonly version: string;
}

/** Packages as `pip install` records them under a site-packages folder of the image. */
export function pipFiles(
  packages: readonly PipPackage[],
  sitePackages = "usr/local/lib/python3.11/site-packages",
): readonly FileEntry[] {
  return packages.map(({ name, version }) => ({
    path: `${sitePackages}/${name.replaceAll("-", "_")}-${version}.dist-info/METADATA`,
    content: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
  }));
}
