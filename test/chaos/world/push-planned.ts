import { image, type Image, type Platform } from "../../support/images/image.ts";
import { imageIndex } from "../../support/images/image-index.ts";
import { layer } from "../../support/images/layer.ts";
import { npmFiles } from "../../support/images/packages/npm.ts";
import { push } from "../../support/images/push.ts";
import { installedVersion, packageName } from "../plan/planned-database.ts";
import type { PlannedImage } from "../plan/planned-round.ts";

/** One manifest that has to get a verdict. */
export interface PushedManifest {
  readonly repository: string;
  readonly digest: string;
  readonly packages: readonly number[];
}

export interface PushedImage {
  /** One for each platform. */
  readonly manifests: readonly PushedManifest[];
  /** What the tag points at: the manifest, or the index of several. */
  readonly digest: string;
}

/** Pushes it under its tag, or another one: the same image has the same digest each time. */
export async function pushPlanned(
  registryUrl: string,
  { repository, tag: ownTag, platforms }: PlannedImage,
  tag = ownTag,
): Promise<PushedImage> {
  const images = await Promise.all(
    platforms.map((packages, number) => imageOf(packages, allPlatforms[number] ?? allPlatforms[0], repository)),
  );
  const [first, ...others] = images;
  if (first === undefined) throw new Error("An image has a platform.");
  const { digest } = await push(registryUrl, repository, others.length === 0 ? first : imageIndex(images), {
    tags: [tag],
  });
  const manifests = images.map(({ descriptor }, number) => ({
    repository,
    digest: descriptor.digest,
    packages: platforms[number] ?? [],
  }));
  return { manifests, digest };
}

const allPlatforms = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64", variant: "v8" },
] as const satisfies readonly Platform[];

/** Its layer is its own: one that is in a cache already is not pulled. */
async function imageOf(packages: readonly number[], platform: Platform, repository: string): Promise<Image> {
  const name = { path: "etc/name", content: `${repository} ${platform.architecture}` };
  const files = npmFiles(packages.map((number) => ({ name: packageName(number), version: installedVersion })));
  return image({ platform, steps: [await layer([...files, name], "COPY . /")] });
}
