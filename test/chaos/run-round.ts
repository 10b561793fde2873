import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Step } from "../../shared/ports/step.ts";
import { endProcesses, leftProcesses } from "./check/find-leftovers.ts";
import { knownTruth } from "./check/known-truth.ts";
import { watchReaders } from "./check/watch-readers.ts";
import { liveAndKill } from "./live-and-kill.ts";
import { publishPlanned } from "./perform-action.ts";
import type { PlannedRound } from "./plan/planned-round.ts";
import { settle } from "./settle.ts";
import { startWorld } from "./world/chaos-world.ts";
import type { Program } from "./world/build-program.ts";
import { scriptedScanner } from "./world/scripted-scanner.ts";

export interface RoundParts {
  /** Of its own, and empty. */
  readonly directory: string;
  readonly program: Program;
  readonly trivyPath: string;
  /** Gives the recovery less time than is promised. */
  readonly quick: boolean;
  readonly onKill: () => void;
  readonly signal: AbortSignal;
}

export interface RoundResult {
  readonly kills: number;
  /** Where processes ended by a step. */
  readonly steps: readonly Step[];
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly partial: readonly string[];
  readonly leftovers: readonly string[];
  /** Answers of the API that were looked at. */
  readonly answers: number;
}

/** Lives through all that is planned, and then checks what is left of it from outside. */
export async function runRound(plan: PlannedRound, parts: RoundParts): Promise<RoundResult> {
  const { directory, signal } = parts;
  const isReal = plan.scanner === "real";
  await mkdir(directory, { recursive: true });
  const scanner = isReal ? undefined : await scriptedScanner(directory, parts.trivyPath);
  await using world = await startWorld({
    ...parts,
    trivyPath: scanner?.path ?? parts.trivyPath,
    isolation: isReal ? "auto" : "off",
  });
  const truth = knownTruth(plan.databases);
  const actionParts = { world, truth, databases: plan.databases, scanner };
  await publishPlanned(0, actionParts);

  const watch = watchReaders(world, truth);
  const steps: Step[] = [];
  const orphans: string[] = [];
  try {
    for (const life of plan.lives) {
      signal.throwIfAborted();
      const killed = await liveAndKill(life, actionParts);
      if (killed.step !== undefined) steps.push(killed.step);
      orphans.push(...killed.orphans);
      parts.onKill();
    }
    const settled = await settle(actionParts, parts);
    const left = [...orphans, ...settled.leftovers, ...(await leftProcesses(world.stateDirectory))];
    await watch.stop();
    return {
      kills: plan.lives.length,
      steps,
      lost: settled.lost,
      doubled: [...settled.doubled, ...world.consumer.complaints],
      partial: [...new Set([...watch.partial, ...settled.partial])],
      leftovers: [...new Set(left)],
      answers: watch.answers(),
    };
  } finally {
    await watch.stop();
    await endProcesses(world.stateDirectory);
  }
}

/** Where the state of a round is, for whoever looks into a failure. */
export function roundDirectory(directory: string, round: number): string {
  return join(directory, `round-${round}`);
}
