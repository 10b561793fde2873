import type { Random } from "./random.ts";

/** Values that parsers are known to stumble over. */
export function junkText(random: Random, near = ""): string {
  switch (random.below(12)) {
    case 0:
      return near.slice(0, 1000).repeat(1 + random.below(40));
    case 1:
      return random
        .pick(["a", "a.", "a-", "a/", " ", "\\", '"', "é", "💣", "%41", "::", "ab@"])
        .repeat(lengthOf(random));
    case 2:
      return inserted(random, near, random.pick(["\0", "\n", "\r\n", "\t", "\u001b[31m", "\u007f", "\u0085"]));
    case 3:
      return inserted(
        random,
        near,
        random.pick(["\ud800", "\udfff", "\ufffe", "\u202e", "\u2028", "\ufeff", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é"]),
      );
    case 4:
      return random.pick(["__proto__", "constructor", "toString", "hasOwnProperty", "then", "length", "toJSON"]);
    case 5:
      return random.pick(["../../etc/passwd", "--output=/etc/passwd", "$(id)", "%00", "%zz", "{{7*7}}", "' OR 1=1 --"]);
    case 6:
      return random.pick(["null", "true", "NaN", "Infinity", "-0", "0x10", "1e999", "١٢٣", "999999999999999999999"]);
    case 7:
      return random.pick(["2026-13-45T99:99:99Z", "0000-00-00T00:00:00Z", "+275760-09-13T00:00:00.001Z", "9999-12-31"]);
    case 8:
      return random.pick([
        `sha256:${"0".repeat(63)}`,
        `sha256:${"A".repeat(64)}`,
        `sha512:${"0".repeat(128)}`,
        "sha256:",
      ]);
    case 9:
      return near.slice(0, random.below(near.length));
    case 10:
      return random.chance(0.5) ? near.toUpperCase() : ` ${near} `;
    default:
      return "";
  }
}

export function junkNumber(random: Random, near = 0): number {
  return random.pick([
    ...([-near, near + 1, near * 1e6, near / 3, 0, -1, 0.1, 1e308, -1e308, 5e-324] as const),
    ...([2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 1e21, 8.64e15 + 1] as const),
  ]);
}

function inserted(random: Random, text: string, piece: string): string {
  const at = random.below(text.length + 1);
  return `${text.slice(0, at)}${piece}${text.slice(at)}`;
}

/** Mostly just over the usual limits, now and then far beyond. */
function lengthOf(random: Random): number {
  return random.pick([65, 129, 257, 701, 1025, 2049, 4097, random.below(70_000)]);
}
