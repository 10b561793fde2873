import { image, type Image } from "../support/images/image.ts";
import { layer } from "../support/images/layer.ts";
import { npmFiles } from "../support/images/packages/npm.ts";

/** The one finding of every such image. */
export const lodashFinding = "CVE-2021-23337";

/** Small, with one vulnerability. Each name has a layer of its own: one that is in a cache already is not pulled. */
export async function lodashImage(name: string): Promise<Image> {
  const own = { path: "etc/name", content: name };
  return image({ steps: [await layer([...npmFiles([{ name: "lodash", version: "4.17.20" }]), own], "COPY . /")] });
}

/** Of requests for the image's first layer, which Trivy alone makes. */
export function layerPath({ layers }: Image): RegExp {
  return new RegExp(`/blobs/${layers[0]?.descriptor.digest ?? "none"}`);
}
