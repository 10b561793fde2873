/** Draws that are the same for the same seed, on every machine. */
export interface SeededRandom {
  /** 0 or more, below 1. */
  readonly next: () => number;
  /** 0 or more, below the bound. */
  readonly below: (bound: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** Each with the same probability, in the order of the list. */
  readonly some: <Item>(items: readonly Item[], probability: number) => readonly Item[];
}

/** mulberry32: short, and good enough to choose faults by. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  const chance = (probability: number) => next() < probability;
  return {
    next,
    below,
    chance,
    pick: (items) => items[below(items.length)] ?? items[0],
    some: (items, probability) => items.filter(() => chance(probability)),
  };
}

/** A seed for each of several parts that must not influence each other. */
export function seedOf(seed: number, part: number): number {
  return Math.floor(seededRandom((seed ^ Math.imul(part + 1, 0x9e3779b1)) >>> 0).next() * 2 ** 32);
}
