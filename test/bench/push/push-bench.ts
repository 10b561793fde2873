import { rm } from "node:fs/promises";
import type { Layer } from "../../support/images/layer.ts";
import type { Bench, BenchResult } from "../bench-result.ts";
import { formatSpread, spreadOf, type Spread } from "../spread.ts";
import { imageOf, imageShapes, type ImageShape } from "../world/bench-images.ts";
import { startBareTrivy } from "../world/bare-trivy.ts";
import { startBenchWorld } from "../world/bench-world.ts";
import { compareMemory, compareSides, type Compared, type Sides } from "./compare-sides.ts";

/** From a push to its alert, beside bare Trivy on the same image with an equal cache. */
export const pushBench: Bench = async (options) => {
  const { quick, tell } = options;
  tell("Setting up a registry, a database and Tidewatch …");
  await using world = await startBenchWorld(options, { notifying: true });
  await using tidewatch = await world.tidewatch("tidewatch", 1);
  await using bare = await startBareTrivy(options.trivy.path, options.signal);
  const bareCache = await world.bareCache("bare");
  const sides: Sides = { world, tidewatch, bare, bareCache, pushed: new Set(), options };
  const shapes = await imageShapes(world.directory);

  tell("One round that does not count …");
  await compareSides(sides, imageOf(await shapes.small.layers("warm-up"), "warm-up"), "warm-up", 0);

  const small = await measure("small", shapes.small, sides, quick ? { cold: 4, warm: 8 } : { cold: 10, warm: 20 });
  const large = quick ? undefined : await measure("large", shapes.large, sides, { cold: 4, warm: 6 });
  const hostMemoryMb = await tidewatch.process.peakMemoryMb();
  return result(world.registry.kind, small, large, hostMemoryMb);
};

interface Measured {
  readonly shape: ImageShape;
  readonly cold: Ratio;
  readonly warm: Ratio;
  /** The largest Trivy process on either side, with an empty layer cache. */
  readonly trivyMemoryMb: Awaited<ReturnType<typeof compareMemory>>;
}

async function measure(
  name: string,
  shape: ImageShape,
  sides: Sides,
  rounds: { readonly cold: number; readonly warm: number },
): Promise<Measured> {
  const { tell, signal } = sides.options;
  const cold: Compared[] = [];
  const warm: Compared[] = [];
  let layers: readonly Layer[] = [];
  for (let round = 0; round < rounds.cold; round += 1) {
    signal.throwIfAborted();
    await removeFiles(layers);
    layers = await shape.layers(`${name} cold ${round}`);
    const compared = await compareSides(sides, imageOf(layers, "first"), `${name} cold ${round}`, round);
    cold.push(compared);
    tell(describe(`${name} image, no layer known`, compared));
  }
  for (let round = 0; round < rounds.warm; round += 1) {
    signal.throwIfAborted();
    const compared = await compareSides(sides, imageOf(layers, `${round}`), `${name} warm ${round}`, round);
    warm.push(compared);
    tell(describe(`${name} image, layers known`, compared));
  }
  await removeFiles(layers);
  layers = await shape.layers(`${name} memory`);
  const trivyMemoryMb = await compareMemory(sides, imageOf(layers, "memory"), `${name} memory`);
  await removeFiles(layers);
  return { shape, cold: ratioOf(cold), warm: ratioOf(warm), trivyMemoryMb };
}

interface Ratio {
  readonly tidewatchMs: Spread;
  readonly bareMs: Spread;
  /** Of the medians. */
  readonly ratio: number;
  readonly overheadMs: number;
  /** Median of push to alert - 1.05 × median of bare Trivy: the goal is at most 60. */
  readonly overGoalBaseMs: number;
}

function ratioOf(rounds: readonly Compared[]): Ratio {
  const tidewatchMs = spreadOf(rounds.map((round) => round.tidewatchMs));
  const bareMs = spreadOf(rounds.map((round) => round.bareMs));
  return {
    tidewatchMs,
    bareMs,
    ratio: Math.round((tidewatchMs.median / bareMs.median) * 1000) / 1000,
    overheadMs: Math.round((tidewatchMs.median - bareMs.median) * 10) / 10,
    overGoalBaseMs: Math.round((tidewatchMs.median - 1.05 * bareMs.median) * 10) / 10,
  };
}

function result(
  registry: string,
  small: Measured,
  large: Measured | undefined,
  hostMemoryMb: number | undefined,
): BenchResult {
  const rows = [small, ...(large === undefined ? [] : [large])].flatMap(({ shape, cold, warm }) => [
    row(`${shape.description}; no layer known`, cold),
    row(`${shape.description}; layers known`, warm),
  ]);
  const memory = (which: "bareMb" | "tidewatchMb") =>
    [small, large].map((measured) => measured?.trivyMemoryMb[which] ?? "–").join(" / ");
  return {
    figures: {
      registry,
      coldRatio: small.cold.ratio,
      warmRatio: small.warm.ratio,
      coldOverheadMs: small.cold.overheadMs,
      warmOverheadMs: small.warm.overheadMs,
      hostMemoryMb,
      ...(large && { largeColdRatio: large.cold.ratio, largeWarmRatio: large.warm.ratio }),
      ...(large && { largeColdOverheadMs: large.cold.overheadMs, largeWarmOverheadMs: large.warm.overheadMs }),
      small,
      large: large ?? "left out by --quick",
    },
    rows: [
      ["image", "push to alert", "bare Trivy", "ratio", "difference"],
      ...rows,
      ["peak memory of the host itself, MB", `${hostMemoryMb ?? "–"}`, "", "", ""],
      [`peak memory of Trivy, MB${large ? " (small / large)" : ""}`, memory("tidewatchMb"), memory("bareMb"), "", ""],
      ...(large ? [] : [["The image of 1.1 GB is left out by --quick.", "", "", "", ""]]),
    ],
  };
}

function row(name: string, { tidewatchMs, bareMs, ratio, overheadMs }: Ratio): readonly string[] {
  return [name, formatSpread(tidewatchMs, "ms"), formatSpread(bareMs, "ms"), ratio.toFixed(3), `${overheadMs} ms`];
}

function describe(what: string, { tidewatchMs, bareMs }: Compared): string {
  return `${what}: push to alert ${tidewatchMs.toFixed(0)} ms, bare Trivy ${bareMs.toFixed(0)} ms`;
}

async function removeFiles(layers: readonly Layer[]): Promise<void> {
  for (const { content } of layers) if ("file" in content) await rm(content.file, { force: true });
}
