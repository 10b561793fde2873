import { image, type Image } from "../../support/images/image.ts";
import type { Layer } from "../../support/images/layer.ts";
import { dpkgFiles } from "../../support/images/packages/dpkg.ts";
import { npmFiles } from "../../support/images/packages/npm.ts";
import { pipFiles } from "../../support/images/packages/pip.ts";
import { DEBIAN_PACKAGES, NPM_PACKAGES, PIP_PACKAGES } from "./bench-packages.ts";
import { fillerFiles, layerOf, tarPart, type TarPart } from "./tar-part.ts";

const MB = 1_000_000;

/** Images of the same shape, as many as are asked for, that share no layer. */
export interface ImageShape {
  readonly description: string;
  /** @param name of the same name, the same layers */
  readonly layers: (name: string) => Promise<readonly Layer[]>;
}

export interface ImageShapes {
  /** Debian's files and packages, 200 npm packages, 30 pip packages: 115 MB. */
  readonly small: ImageShape;
  /** The same, and a gigabyte of other files. */
  readonly large: ImageShape;
}

export async function imageShapes(directory: string): Promise<ImageShapes> {
  const debian = await debianPart();
  const npm = await tarPart([
    ...npmFiles(NPM_PACKAGES),
    ...fillerFiles("usr/src/app/node_modules/.bin", 1_000, 25 * MB),
  ]);
  const pip = await tarPart([...pipFiles(PIP_PACKAGES), ...fillerFiles("usr/local/lib/python3.11", 500, 15 * MB)]);
  const small = (name: string) => layersOf(name, { debian: [debian], npm: [npm], pip: [pip] }, directory);
  return {
    small: { description: "115 MB: Debian 12 with 90 packages, 200 npm packages, 30 pip packages", layers: small },
    large: {
      description: "1.1 GB: the small one and two layers of 500 MB",
      layers: async (name) => {
        const data = await tarPart(fillerFiles("opt/data", 500, 100 * MB));
        const more = { models: Array.from({ length: 5 }, () => data), assets: Array.from({ length: 5 }, () => data) };
        return [...(await small(name)), ...(await layersOf(name, more, directory))];
      },
    },
  };
}

/** Images that share Debian's layer and differ in an npm layer of 2 MB. */
export async function layersOnOneBase(directory: string): Promise<(name: string) => Promise<readonly Layer[]>> {
  const debian = await debianPart();
  const base = await layerOf("debian", [debian], directory);
  const npm = await tarPart([...npmFiles(NPM_PACKAGES.slice(0, 50)), ...fillerFiles("usr/src/app/lib", 100, 2 * MB)]);
  return async (name) => [base, await layerOf(`npm ${name}`, [npm], directory)];
}

/** Another digest over the same layers, as a build makes that changed nothing but a label. */
export function imageOf(layers: readonly Layer[], build: string): Image {
  return image({ steps: layers, config: { Labels: { build }, Cmd: ["node", "server.js"] } });
}

function debianPart(): Promise<TarPart> {
  return tarPart([
    ...dpkgFiles(DEBIAN_PACKAGES, { distribution: "debian", release: "12.5" }),
    ...fillerFiles("usr/lib", 3_500, 75 * MB),
  ]);
}

async function layersOf(
  name: string,
  layers: Readonly<Record<string, readonly TarPart[]>>,
  directory: string,
): Promise<readonly Layer[]> {
  const all: Layer[] = [];
  for (const [kind, parts] of Object.entries(layers)) all.push(await layerOf(`${kind} ${name}`, parts, directory));
  return all;
}
