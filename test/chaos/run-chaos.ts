import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import type { Step } from "../../shared/ports/step.ts";
import { planRound, type OnlyThese } from "./plan/plan-round.ts";
import { seedOf } from "./plan/seeded-random.ts";
import { roundDirectory, runRound, type RoundResult } from "./run-round.ts";
import { buildProgram, type SourceEdit } from "./world/build-program.ts";

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly trivyPath: string;
  readonly signal: AbortSignal;
  readonly tell: (progress: ChaosProgress) => void;
  /** Only this round of the run, 0 for the first. */
  readonly round?: number | undefined;
  /** Guards that are taken out. */
  readonly edits?: readonly SourceEdit[];
  readonly only?: OnlyThese;
  /** Leaves the directory of a round there in which something was wrong. */
  readonly keep?: boolean;
  /** Gives the recovery less time than is promised: for a run that is to fail. */
  readonly quick?: boolean;
}

export interface ChaosProgress {
  readonly kills: number;
  readonly of: number;
}

/** What went wrong, in words; nothing anywhere is a success. */
export interface ChaosResult {
  readonly kills: number;
  readonly steps: ReadonlyMap<Step, number>;
  readonly answers: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly partial: readonly string[];
  readonly leftovers: readonly string[];
  /** Directories that were left there. */
  readonly kept: readonly string[];
}

/** Rounds of some kills each, two at a time, each in a world of its own that its part of the seed decides. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, seed, trivyPath, signal, tell, edits = [], only, keep = false, quick = false } = options;
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-chaos-"));
  const program = await buildProgram(directory, edits);
  const rounds = Array.from({ length: Math.ceil(kills / killsPerRound) }, (_, number) => number);
  const chosen = options.round === undefined ? rounds : rounds.filter((number) => number === options.round);
  const kept: string[] = [];
  let killed = 0;
  const failed = new AbortController();
  const turns = pLimit(roundsAtATime);
  const run = async (number: number): Promise<RoundResult> => {
    failed.signal.throwIfAborted();
    const ofRound = Math.min(killsPerRound, kills - number * killsPerRound);
    const plan = planRound({
      seed: seedOf(seed, number),
      kills: ofRound,
      scanner: number % realEvery === realEvery - 1 ? "real" : "scripted",
      firstStep: number * killsPerRound,
      only,
    });
    const place = roundDirectory(directory, number);
    const onKill = () => tell({ kills: (killed += 1), of: kills });
    const result = await runRound(plan, {
      directory: place,
      program,
      trivyPath,
      quick,
      onKill,
      signal: AbortSignal.any([signal, failed.signal]),
    });
    const isWrong = [result.lost, result.doubled, result.partial, result.leftovers].some(({ length }) => length > 0);
    if (isWrong && keep) kept.push(place);
    else await rm(place, { recursive: true, force: true });
    return inRound(number, result);
  };
  try {
    const ends = await Promise.allSettled(
      chosen.map((number) =>
        turns(() => run(number)).catch((error: unknown) => {
          failed.abort();
          throw error;
        }),
      ),
    );
    const results = sum(
      ends.map((end) => {
        if (end.status === "rejected") throw end.reason;
        return end.value;
      }),
    );
    return { ...results, kept };
  } finally {
    if (kept.length === 0) await rm(directory, { recursive: true, force: true });
  }
}

const killsPerRound = 25;
const roundsAtATime = 2;
/** One round in so many runs the real Trivy, in its sandbox where there is one. */
const realEvery = 4;

/** Which round it was is what one needs to run it alone. */
function inRound(number: number, result: RoundResult): RoundResult {
  const named = (lines: readonly string[]) => lines.map((line) => `round ${number}: ${line}`);
  const { lost, doubled, partial, leftovers } = result;
  return {
    ...result,
    lost: named(lost),
    doubled: named(doubled),
    partial: named(partial),
    leftovers: named(leftovers),
  };
}

function sum(rounds: readonly RoundResult[]): Omit<ChaosResult, "kept"> {
  const steps = new Map<Step, number>();
  for (const step of rounds.flatMap((round) => round.steps)) steps.set(step, (steps.get(step) ?? 0) + 1);
  return {
    kills: rounds.reduce((total, round) => total + round.kills, 0),
    answers: rounds.reduce((total, round) => total + round.answers, 0),
    steps,
    lost: rounds.flatMap((round) => round.lost),
    doubled: rounds.flatMap((round) => round.doubled),
    partial: rounds.flatMap((round) => round.partial),
    leftovers: rounds.flatMap((round) => round.leftovers),
  };
}
