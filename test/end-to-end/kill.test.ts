import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { startSurroundings, type Surroundings } from "../support/surroundings.ts";
import { eventually } from "./eventually.ts";
import { layerPath, lodashImage } from "./lodash-image.ts";
import { processesOf } from "./processes.ts";
import { readFindings, readImages } from "./read-api.ts";
import { compileOnce, startTidewatchProcess } from "./tidewatch-process.ts";

let surroundings: Surroundings;

beforeEach(async () => {
  surroundings = await startSurroundings({ advisories: foundation });
  await compileOnce(surroundings);
});

afterEach(() => surroundings[Symbol.asyncDispose]());

it("killed in mid-scan: Trivy ends with it, and after the restart the image is scanned and announced once", async () => {
  const { inProcess, registry, stateDirectory, webhooks } = surroundings;
  const made = await lodashImage("interrupted");
  const ofLayer = layerPath(made);
  inProcess?.faults.add({ method: "GET", path: ofLayer, fault: { kind: "hang" } });

  const first = await startTidewatchProcess(surroundings);
  await push(registry.url, "shop/web", made, { tags: ["1.0"] });
  await eventually(() => expect(inProcess?.requests.matching("GET", ofLayer)).not.toEqual([]));
  const whileScanning = await processesOf(stateDirectory);
  await first.end("SIGKILL");
  await eventually(async () => expect(await processesOf(stateDirectory)).toEqual([]));
  const leftInScratch = await readdir(join(stateDirectory, "scratch"));
  inProcess?.faults.clear();
  await using second = await startTidewatchProcess(surroundings);
  const [scanned] = await eventually(async () => {
    const images = await readImages(second, "state=scanned");
    expect(images).toHaveLength(1);
    return images;
  });
  await webhooks.waitFor(1);
  await eventually(async () => expect(await leftovers(stateDirectory)).toEqual([]));

  expect(whileScanning.join("\n")).toContain("trivy");
  expect(leftInScratch).not.toEqual([]);
  expect(scanned).toMatchObject({ repository: "shop/web", tags: ["1.0"] });
  expect(scanned && (await readFindings(second, scanned))).toHaveLength(1);
  expect(new Set(webhooks.received.map(({ id }) => id)).size).toBe(1);
});

it(
  "killed ten times at any moment of pushes, scans and alerts: every image is scanned, and told under one id",
  { timeout: 60_000 },
  async () => {
    const { registry, stateDirectory, webhooks } = surroundings;
    const subjects: string[] = [];

    for (let kill = 0; kill < kills; kill += 1) {
      const tidewatch = await startTidewatchProcess(surroundings, "Tidewatch listens.");
      const repository = `shop/app-${kill}`;
      const { digest } = await push(registry.url, repository, await lodashImage(repository), { tags: ["1.0"] });
      subjects.push(`${repository}@${digest}`);
      // Steps of the golden ratio: each falls into the largest gap that the earlier ones have left.
      await setTimeout(((kill * 0.618) % 1) * latestKillMs);
      await tidewatch.end("SIGKILL");
    }
    await using last = await startTidewatchProcess(surroundings);
    await eventually(async () => {
      expect(await readImages(last, "state=scanned")).toHaveLength(kills);
      expect(new Set(webhooks.received.map(({ event }) => event.subject)).size).toBe(kills);
    });
    // What was interrupted between commit and publication, if anything, is published by this timer at the latest.
    await last.call("/admin/functions/relayOutbox", { method: "POST" });
    await eventually(async () => expect(await leftovers(stateDirectory)).toEqual([]));

    const bodies = new Map(webhooks.received.map(({ id, body }) => [id, body]));
    expect(webhooks.received.filter(({ id, body }) => bodies.get(id) !== body)).toEqual([]);
    const told = [...bodies.values()].map((body) => webhooks.received.find((each) => each.body === body)?.event);
    expect(told.map((event) => event?.subject).sort()).toEqual(subjects.toSorted());
    expect(told.map((event) => event?.data.changes)).toEqual(subjects.map(() => ({ opened: 1 })));
    expect(webhooks.forged).toEqual([]);
    const images = await readImages(last);
    for (const each of images) expect(await readFindings(last, each)).toHaveLength(1);
  },
);

const kills = 10;
/** By then an image that is pushed is scanned, told, and has its SBOM. */
const latestKillMs = 700;

/** Files and processes of scans that have ended. */
async function leftovers(stateDirectory: string): Promise<readonly string[]> {
  const scratch = await readdir(join(stateDirectory, "scratch"));
  const incoming = await readdir(join(stateDirectory, "blobs", "_incoming"));
  const reports = (await readdir(join(stateDirectory, "blobs"))).filter((name) => name.startsWith("reports"));
  return [...scratch, ...incoming, ...reports, ...(await processesOf(stateDirectory))];
}
