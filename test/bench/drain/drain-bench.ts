import { rm } from "node:fs/promises";
import { join } from "node:path";
import { push } from "../../support/images/push.ts";
import type { Bench, BenchOptions } from "../bench-result.ts";
import { formatSpread, spreadOf, type Spread } from "../spread.ts";
import { imageOf, layersOnOneBase } from "../world/bench-images.ts";
import { startBenchWorld, type BenchWorld } from "../world/bench-world.ts";
import { drainWithTidewatch, type Drained } from "./drain-with-tidewatch.ts";
import { drainWithXargs, xargsCaches, type XargsCache } from "./drain-with-xargs.ts";

const SLOTS = 2;

/** Many images that wait, until the last alert, beside two Trivy processes at a time on the same images. */
export const drainBench: Bench = async (options) => {
  const { quick, tell, signal } = options;
  const [count, rounds] = quick ? [40, 1] : [200, 3];
  tell(`Pushing ${count} images …`);
  await using world = await startBenchWorld(options, { notifying: false });
  const digests = await pushImages(world, count);
  const references = digests.map((digest) => `${world.registry.host}/shop/web@${digest}`);

  const cache = await fasterCache(world, options, references.slice(0, 10));
  const xargs: number[] = [];
  const tidewatch: Drained[] = [];
  const withXargs = async () => {
    xargs.push(await drainWithXargs(world, options, { cache, references, processes: SLOTS }));
    tell(`xargs: ${xargs.at(-1)?.toFixed(0) ?? ""} ms`);
  };
  const withTidewatch = async (round: number) => {
    const name = `tidewatch-${round}`;
    tidewatch.push(await drainWithTidewatch(world, { name, digests, slots: SLOTS, signal }));
    await rm(join(world.directory, name), { recursive: true, force: true });
    tell(`Tidewatch: last alert ${tidewatch.at(-1)?.lastAlertMs.toFixed(0) ?? ""} ms`);
  };
  for (let round = 0; round < rounds; round += 1) {
    signal.throwIfAborted();
    if (round % 2 === 0) await withXargs();
    await withTidewatch(round);
    if (round % 2 === 1) await withXargs();
  }
  return result(count, cache, spreadOf(xargs), tidewatch);
};

async function pushImages(world: BenchWorld, count: number): Promise<readonly string[]> {
  const layersFor = await layersOnOneBase(world.directory);
  const digests: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const name = `app ${number}`;
    const { digest } = await push(world.registry.url, "shop/web", imageOf(await layersFor(name), name));
    digests.push(digest);
  }
  return digests;
}

/** Two Trivy processes cannot share the layer cache of one directory; a person has two ways around that. */
async function fasterCache(
  world: BenchWorld,
  options: BenchOptions,
  references: readonly string[],
): Promise<XargsCache> {
  const times = new Map<XargsCache, number>();
  for (const cache of xargsCaches)
    times.set(cache, await drainWithXargs(world, options, { cache, references, processes: SLOTS }));
  const faster = xargsCaches.toSorted((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0))[0] ?? xargsCaches[0];
  for (const [cache, time] of times)
    options.tell(`xargs on ${references.length} images, ${cache}: ${time.toFixed(0)} ms`);
  return faster;
}

function result(images: number, xargsCache: XargsCache, xargsMs: Spread, tidewatch: readonly Drained[]) {
  const lastAlertMs = spreadOf(tidewatch.map((drained) => drained.lastAlertMs));
  const emptyMs = spreadOf(tidewatch.map((drained) => drained.emptyMs));
  const startMs = spreadOf(tidewatch.map((drained) => drained.startMs));
  const ratioTo = (spread: Spread) => Math.round((spread.median / xargsMs.median) * 1000) / 1000;
  const ratio = ratioTo(lastAlertMs);
  const ratioWithSboms = ratioTo(emptyMs);
  return {
    figures: { ratio, ratioWithSboms, images, slots: SLOTS, xargsCache, xargsMs, lastAlertMs, emptyMs, startMs },
    rows: [
      [`${images} images, two at a time`, "time", "ratio"],
      [`xargs -P2 trivy image, ${xargsCache}`, formatSpread(xargsMs, "ms"), "1"],
      ["Tidewatch, until the last alert", formatSpread(lastAlertMs, "ms"), ratio.toFixed(3)],
      ["Tidewatch, until the last SBOM too", formatSpread(emptyMs, "ms"), ratioWithSboms.toFixed(3)],
      ["Tidewatch's own start, not counted", formatSpread(startMs, "ms"), ""],
    ],
  };
}
