import { cosignSignature, cosignSignatureTag, helmChart, sbomReferrer } from "./artifacts.ts";
import type { Manifest } from "./descriptor.ts";
import * as images from "./sample-images.ts";
import * as unscannable from "./unscannable-images.ts";

export interface Sample {
  readonly repository: string;
  readonly tag?: string;
  readonly manifest: Manifest;
}

/** One image of every kind a registry holds, in the order in which they may be pushed. */
export async function sampleImages(): Promise<readonly Sample[]> {
  return [
    { repository: "base/alpine", tag: "3.19.1", manifest: await images.alpineImage() },
    { repository: "base/debian", tag: "12.5", manifest: await images.debianImage() },
    { repository: "base/rocky", tag: "9.4", manifest: await images.rockyImage() },
    { repository: "shop/web", tag: "1.4.0", manifest: await images.nodeImage() },
    { repository: "shop/recommendations", tag: "0.9.2", manifest: await images.pythonImage() },
    { repository: "shop/orders", tag: "2.1.0", manifest: await images.javaImage() },
    { repository: "shop/gateway", tag: "5.0.1", manifest: await images.goImage() },
    { repository: "shop/worker", tag: "5.0.1", manifest: await images.distrolessImage() },
    { repository: "shop/landing-page", tag: "1.0.0", manifest: await images.scratchImage() },
    { repository: "shop/edge", tag: "3.2.0", manifest: await images.multiPlatformIndex() },
  ];
}

/** Images that can be pulled and not judged. */
export async function unscannableSamples(): Promise<readonly Sample[]> {
  return [
    { repository: "legacy/desktop", tag: "1.0.0", manifest: await unscannable.windowsImage() },
    { repository: "legacy/sealed", tag: "1.0.0", manifest: await unscannable.encryptedImage() },
    { repository: "legacy/alpine", tag: "3.12", manifest: await unscannable.endOfLifeImage() },
    { repository: "legacy/empty", tag: "1.0.0", manifest: unscannable.emptyImage() },
  ];
}

/** What shares a registry with images without being any: a chart, and a signature and an SBOM of `shop/web`. */
export async function sampleArtifacts(): Promise<readonly Sample[]> {
  const signed = await images.nodeImage();
  return [
    { repository: "charts/shop", tag: "1.4.0", manifest: await helmChart({ name: "shop", version: "1.4.0" }) },
    { repository: "shop/web", tag: cosignSignatureTag(signed), manifest: cosignSignature(signed) },
    { repository: "shop/web", manifest: sbomReferrer(signed) },
  ];
}
