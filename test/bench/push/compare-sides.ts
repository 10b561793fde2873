import { join } from "node:path";
import type { Image } from "../../support/images/image.ts";
import type { BenchOptions } from "../bench-result.ts";
import type { BareTrivy } from "../world/bare-trivy.ts";
import type { BenchWorld, RunningTidewatch } from "../world/bench-world.ts";
import { watchTrivyMemory } from "../world/process-memory.ts";
import { waitForSboms } from "../world/stored-sboms.ts";
import { wholeAlert } from "../world/whole-alert.ts";
import { stageImage, type StagedImage } from "./stage-image.ts";

export interface Sides {
  readonly world: BenchWorld;
  readonly tidewatch: RunningTidewatch;
  readonly bare: BareTrivy;
  /** Bare Trivy's own cache directory. */
  readonly bareCache: string;
  /** Digests that Tidewatch has been told of. */
  readonly pushed: Set<string>;
  readonly options: BenchOptions;
}

export interface Compared {
  readonly tidewatchMs: number;
  readonly bareMs: number;
}

/** The same image on both sides, one after the other; who is first alternates with the round. */
export async function compareSides(sides: Sides, image: Image, name: string, round: number): Promise<Compared> {
  const staged = await stageImage(sides.world, image, tagOf(name));
  if (round % 2 === 1) {
    const bareMs = await sides.bare.scan(bareScan(sides, staged));
    return { bareMs, tidewatchMs: await pushToAlert(sides, staged) };
  }
  const tidewatchMs = await pushToAlert(sides, staged);
  return { tidewatchMs, bareMs: await sides.bare.scan(bareScan(sides, staged)) };
}

/** The largest Trivy on each side. Nothing is timed meanwhile. */
export async function compareMemory(sides: Sides, image: Image, name: string) {
  const staged = await stageImage(sides.world, image, tagOf(name));
  const bareMb = await watchTrivyMemory(sides.bare.pid, sides.bare.scan(bareScan(sides, staged)));
  const tidewatchMb = await watchTrivyMemory(sides.tidewatch.process.pid, pushToAlert(sides, staged));
  return { bareMb, tidewatchMb };
}

/**
 * From before the last request of the push until the webhook's receiver has the whole alert and has verified it:
 * the registry's own work on that request is in it. Then waits until Tidewatch has nothing left to do.
 */
async function pushToAlert(sides: Sides, { digest, finishPush }: StagedImage): Promise<number> {
  const { world, tidewatch, options, pushed } = sides;
  const began = performance.now();
  await finishPush();
  const alertedAt = await wholeAlert(world.webhooks, digest, LONGEST_SCAN_MS);
  pushed.add(digest);
  await waitForSboms(tidewatch.stateDirectory, pushed.size, options.signal);
  return alertedAt - began;
}

const LONGEST_SCAN_MS = 60_000;

function bareScan({ bareCache, world }: Sides, { reference }: StagedImage) {
  return { cacheDirectory: bareCache, output: join(world.directory, "bare-report.json"), reference };
}

function tagOf(name: string): string {
  return name.replaceAll(/\W/g, "-");
}
