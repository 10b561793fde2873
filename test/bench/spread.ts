/** What several rounds of one measurement say. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** At least one value. Rounded to a tenth. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(sorted, upper) : (at(sorted, upper - 1) + at(sorted, upper)) / 2;
  return { median: tenth(median), min: tenth(at(sorted, 0)), max: tenth(at(sorted, -1)), rounds: sorted.length };
}

export function formatSpread({ median, min, max }: Spread, unit: string): string {
  return `${median.toFixed(0)} ${unit} (${min.toFixed(0)}–${max.toFixed(0)})`;
}

function at(values: readonly number[], index: number): number {
  const value = values.at(index);
  if (value === undefined) throw new Error("Nothing was measured.");
  return value;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
