import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { runTarget, type TargetResult } from "./run-target.ts";

export interface Campaign {
  readonly targets: readonly string[];
  readonly seed: number;
  readonly from: number;
  /** Of each target. */
  readonly inputs: number;
  readonly signal?: AbortSignal;
  /** Gets how many inputs of a target have been tried, now and then. */
  readonly progress?: (target: string, tried: number) => void;
  /** Gets each target's result as soon as it is there. */
  readonly done?: (result: TargetResult) => void;
}

/** All targets, as many at a time as there are processors. Rejects when the signal is aborted. */
export async function runTargets({ targets, seed, from, inputs, signal, progress, done }: Campaign) {
  const limit = pLimit(availableParallelism());
  const failed = new AbortController();
  const end = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const run = async (target: string) => {
    const options = { progress: (tried: number) => progress?.(target, tried), signal: end };
    const result = await runTarget({ target, seed, from, inputs }, options);
    done?.(result);
    return result;
  };
  try {
    return await limit.map(targets, run);
  } catch (error) {
    failed.abort();
    throw error;
  }
}
