import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { startLab } from "../support/lab.ts";
import { eventually } from "./eventually.ts";
import { layerPath, lodashImage } from "./lodash-image.ts";
import { processesOf } from "./processes.ts";
import { quiet } from "./quiet.ts";
import { realTrivy } from "./real-trivy.ts";
import { expectScannedOnce } from "./told-about.ts";

it("stopped in a scan that does not end: Trivy is ended when the grace is over, and the next start scans the image", async () => {
  await using lab = await startLab({ trivy: realTrivy(), advisories: foundation, graceMs: 200 });
  const made = await lodashImage("unfinished");
  const ofLayer = layerPath(made);
  lab.inProcess?.faults.add({ method: "GET", path: ofLayer, fault: { kind: "hang" } });
  const pushed = await push(lab.registry.url, "shop/unfinished", made, { tags: ["1.0"] });
  await eventually(() => expect(lab.inProcess?.requests.matching("GET", ofLayer)).not.toEqual([]));
  const whileScanning = await processesOf(lab.stateDirectory);

  await lab.tidewatch.stop();
  await eventually(async () => expect(await processesOf(lab.stateDirectory)).toEqual([]), 8_000);
  await eventually(async () => expect(await readdir(join(lab.stateDirectory, "scratch"))).toEqual([]));
  lab.inProcess?.faults.clear();
  await lab.restart();
  await quiet(lab);

  expect(whileScanning).not.toEqual([]);
  await expectScannedOnce(lab, pushed);
});
