import { expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { push } from "../support/images/push.ts";
import { alpineImage, multiPlatformIndex, nodeImage } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { requireDistribution } from "../support/registry/find-distribution.ts";
import { bareTrivy } from "./bare-trivy.ts";
import { eventually } from "./eventually.ts";
import { quiet } from "./quiet.ts";
import { readImage, readImages, type ImageJson } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { typesToldAbout } from "./told-about.ts";

it("the real CNCF distribution registry: what is pushed is scanned, what is pulled is in use, what is deleted is gone", async ({
  skip,
}) => {
  const distribution = requireDistribution(skip);
  await using lab = await startLab({ trivy: realTrivy(), advisories: foundation, distribution });

  // Not all at once: while a manifest is written a second time this registry answers 500 to who reads it, and the scan
  // waits two seconds.
  const web = await push(lab.registry.url, "shop/web", await nodeImage());
  const scanned = await inState(lab, web, "scanned");
  await push(lab.registry.url, "shop/web", await nodeImage(), { tags: ["1.0", "latest"] });
  await using bare = await bareTrivy(lab.registry.host);
  await bare.findings("shop/web", web.digest);
  // The registry tells its news in order: once it has told this push, it has told the pulls before it.
  await push(lab.registry.url, "shop/edge", await multiPlatformIndex(), { tags: ["3.2"] });
  await eventually(async () => expect(await readImages(lab, "repository=shop/edge&state=scanned")).toHaveLength(3));
  const pulledByScanners = await readImage(lab, web);

  const manifest = `${lab.registry.url}/v2/shop/web/manifests/1.0`;
  const accept = "application/vnd.oci.image.manifest.v1+json";
  await (await fetch(manifest, { headers: { "user-agent": "containerd/2.1.4", accept } })).arrayBuffer();
  const pulledByNode = await eventually(async () => {
    const image = await readImage(lab, web);
    expect(image).toHaveProperty("lastPulledAt");
    return image;
  });

  expect(pulledByScanners?.tags).toEqual(["1.0", "latest"]);
  expect(pulledByScanners).not.toHaveProperty("lastPulledAt");
  expect(pulledByNode?.lastPuller).toEqual({ userAgent: "containerd/2.1.4" });

  expect(await deleteManifest(lab.registry.url, "shop/web", web.digest)).toBe(true);
  const gone = await inState(lab, web, "gone");
  await quiet(lab);

  expect(gone.id).toBe(scanned.id);
  expect(typesToldAbout(lab, web)).toEqual(["dev.tidewatch.findings.changed", "dev.tidewatch.image.gone"]);
  expect(await readImages(lab, "repository=trivy-db")).toEqual([]);
});

it("the real CNCF distribution registry keeps its news while Tidewatch is down, and tells them later", async ({
  skip,
}) => {
  const distribution = requireDistribution(skip);
  await using lab = await startLab({ trivy: realTrivy(), advisories: foundation, distribution });

  await lab.tidewatch.stop();
  const alpine = await push(lab.registry.url, "base/alpine", await alpineImage());
  await lab.restart();

  expect(await inState(lab, alpine, "scanned")).toMatchObject({ scan: { reason: "pushed" } });
});

async function inState(
  lab: Lab,
  image: Pick<ImageJson, "repository" | "digest">,
  kind: ImageJson["state"]["kind"],
): Promise<ImageJson> {
  return eventually(async () => {
    const found = await readImage(lab, image);
    if (found?.state.kind !== kind) throw new Error(`The image is ${found?.state.kind ?? "not known"}, not ${kind}.`);
    return found;
  });
}
