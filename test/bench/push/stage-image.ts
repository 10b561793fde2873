import { execa } from "execa";
import type { Digest } from "../../../shared/domain/digest.ts";
import type { Image } from "../../support/images/image.ts";
import { push } from "../../support/images/push.ts";
import { registryRequest } from "../../support/images/registry-request.ts";
import type { BenchWorld } from "../world/bench-world.ts";

export interface StagedImage {
  readonly digest: Digest;
  /** For bare Trivy, in a repository that Tidewatch does not look after. */
  readonly reference: string;
  /** The last request of the push to the other repository: until then nobody knows of the image there. */
  readonly finishPush: () => Promise<void>;
}

/** Uploads everything, for both sides, but the manifest that Tidewatch will be told of. */
export async function stageImage({ registry }: BenchWorld, image: Image, tag: string): Promise<StagedImage> {
  const { digest, mediaType } = image.descriptor;
  await push(registry.url, "bare/web", image);
  const base = `${registry.url}/v2/shop/web`;
  for (const { descriptor } of image.blobs) {
    const query = new URLSearchParams({ mount: descriptor.digest, from: "bare/web" });
    await registryRequest(`${base}/blobs/uploads/?${query.toString()}`, { method: "POST" }, [201], {});
  }
  // Otherwise the disk would be busy with the upload while the scans are timed.
  await execa("sync", { reject: false });
  const manifest = { method: "PUT", headers: { "content-type": mediaType }, body: Buffer.from(image.content) };
  return {
    digest,
    reference: `${registry.host}/bare/web@${digest}`,
    finishPush: async () => {
      await registryRequest(`${base}/manifests/${tag}`, manifest, [201], {});
    },
  };
}
