import type { FileEntry } from "../layer.ts";

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
}

/** Packages as `npm install` leaves them under a folder of the image, `usr/src/app` when not given. */
export function npmFiles(packages: readonly NpmPackage[], folder = "usr/src/app"): readonly FileEntry[] {
  return packages.map(({ name, version }) => ({
    path: `${folder}/node_modules/${name}/package.json`,
    content: JSON.stringify({ name, version }),
  }));
}
