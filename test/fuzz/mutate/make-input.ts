import { parse, stringify } from "yaml";
import type { FuzzTarget } from "../fuzz-target.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { fitsIn } from "./fits-in.ts";
import { formatJson, mutateValue, toJson, type Json } from "./mutate-value.ts";
import { randomOf, type Random } from "./random.ts";

/** Which input, of which run. */
export interface InputNumber {
  readonly target: string;
  readonly seed: number;
  readonly input: number;
}

/** The first inputs of a run are the corpus as it is; every other follows from the seed and its own number alone. */
export function makeInput(
  { format, tokens = [], mostBytes = 1_048_576 }: Pick<FuzzTarget, "format" | "tokens" | "mostBytes">,
  corpus: readonly string[],
  { target, seed, input }: InputNumber,
): Uint8Array {
  const unchanged = corpus[input];
  if (unchanged !== undefined) return Buffer.from(unchanged);
  const random = randomOf(seed, target, input);
  const text = random.pickAny(corpus) ?? "";
  const other = random.pickAny(corpus) ?? "";
  const changes = 1 + random.below(random.chance(0.7) ? 2 : 8);
  const byStructure = format !== "text" && random.chance(0.75);
  const structured = byStructure ? changed(random, format, text, other, changes) : undefined;
  let bytes: Buffer = Buffer.from(structured ?? text);
  if (structured === undefined || random.chance(0.05))
    for (let change = 0; change < changes; change += 1)
      bytes = mutateBytes(random, bytes, Buffer.from(other), [...generalTokens, ...tokens]);
  return bytes.subarray(0, mostBytes);
}

/** Undefined when the text has no structure to change. */
function changed(random: Random, format: "json" | "yaml", text: string, other: string, changes: number) {
  const read = (input: string): Json => toJson(format === "json" ? JSON.parse(input) : parse(input));
  try {
    let value = read(text);
    const second = read(other);
    for (let change = 0; change < changes; change += 1) {
      value = mutateValue(random, value, second);
      // Parts that were doubled are one and the same: what grows in one of them grows in all.
      if (!fitsIn(value, 1_000_000)) return undefined;
    }
    const json = formatJson(value, random);
    // JSON is YAML; half of it is written the way people write it.
    return format === "json" || random.chance(0.5) ? json : stringify(JSON.parse(json), { lineWidth: 0 });
  } catch {
    return undefined;
  }
}

const generalTokens = [
  "\0",
  "\r\n",
  "\n\n",
  "\ufeff",
  '"',
  "'",
  "\\",
  "\\u0000",
  "\\ud800",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "%",
  "//",
];
