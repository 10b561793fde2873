import { createHash } from "node:crypto";

/** Choices that follow from a seed: the same seed makes the same choices on every machine. */
export interface Random {
  /** A whole number from 0 up to, but not including, the limit; 0 when the limit is less than 1. */
  readonly below: (limit: number) => number;
  /** True so often, from 0 for never to 1 for always. */
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
  /** Undefined when there is none. */
  readonly pickAny: <T>(values: readonly T[]) => T | undefined;
}

/** Of one input: it does not depend on how many were tried before it. */
export function randomOf(seed: number, target: string, input: number): Random {
  let state = createHash("sha256").update(`${seed}/${target}/${input}`).digest().readUInt32LE();
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * Math.max(limit, 0));
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (values) => values[below(values.length)] ?? values[0],
    pickAny: (values) => values[below(values.length)],
  };
}
