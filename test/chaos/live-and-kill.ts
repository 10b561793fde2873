import { setTimeout } from "node:timers/promises";
import type { Step } from "../../shared/ports/step.ts";
import { performAction, type ActionParts } from "./perform-action.ts";
import type { PlannedEnd, PlannedLife } from "./plan/planned-round.ts";
import { bringAbout } from "./world/faults.ts";
import type { Life } from "./world/life.ts";
import { processesBelow } from "./world/processes-below.ts";

export interface KilledLife {
  /** The step at which it ended itself; undefined when it was killed from outside. */
  readonly step: Step | undefined;
  /** Processes that were still there some seconds after it. */
  readonly orphans: readonly string[];
}

/** Starts a process, does what is planned meanwhile, and kills it at the planned moment. */
export async function liveAndKill(
  { end, fault, actions, laterMs }: PlannedLife,
  parts: ActionParts,
): Promise<KilledLife> {
  const { world } = parts;
  world.goForward(laterMs);
  const orders = await bringAbout(fault, world, parts.scanner);
  const killAt = end.kind === "atStep" ? { step: end.step, occurrence: end.occurrence } : undefined;
  const life = world.start({ ...orders, killAt });

  const act = async () => {
    for (const action of actions) await performAction(action, parts, life);
  };
  const kill = async () => {
    const killedHere = await Promise.race([latestEnd(life, end), life.ended.then(() => false)]);
    life.kill("SIGKILL");
    return { killedHere, ...(await life.ended) };
  };
  const [{ killedHere, exitCode, signal, output }] = await Promise.all([kill(), act()]);
  // With a full disk it may not even start (docs/when-things-go-wrong.md).
  if (signal !== "SIGKILL" && fault !== "disk-full")
    throw new Error(`Tidewatch has ended by itself (exit status ${exitCode ?? "none"}):\n${output}`);
  return {
    step: killedHere || signal !== "SIGKILL" ? undefined : killAt?.step,
    orphans: await orphansOf(world.stateDirectory),
  };
}

/** Resolves when it has to be killed from outside at the latest. */
async function latestEnd(life: Life, end: PlannedEnd): Promise<true> {
  if (end.kind !== "whileStarting") await life.said("Tidewatch listens.");
  await setTimeout(end.kind === "atStep" ? patienceMs : end.afterMs);
  return true;
}

/** A step that has not been reached by then is not reached in this life. */
const patienceMs = 2_000;

/** What a killed process ran has to end with it, which takes the system a moment. */
async function orphansOf(directory: string): Promise<readonly string[]> {
  for (let looks = 1; ; looks += 1) {
    const found = await processesBelow(directory);
    if (found.length === 0 || looks === 30) return found;
    await setTimeout(100);
  }
}
