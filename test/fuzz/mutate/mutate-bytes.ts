import { junkText } from "./junk.ts";
import type { Random } from "./random.ts";

/** One change somewhere in the bytes, without regard to what they mean. */
export function mutateBytes(random: Random, bytes: Buffer, other: Buffer, tokens: readonly string[]): Buffer {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.chance(0.8) ? 8 : bytes.length);
  const before = bytes.subarray(0, at);
  switch (random.below(9)) {
    case 0:
      return Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte)));
    case 1:
      return Buffer.from(
        bytes.map((byte, index) => (index === at ? random.pick([0, 10, 13, 34, 92, 127, 255]) : byte)),
      );
    case 2:
      return Buffer.from(before);
    case 3:
      return Buffer.concat([before, bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([before, other.subarray(random.below(other.length))]);
    case 6:
      return Buffer.concat([
        before,
        Buffer.from(Array.from({ length: length % 64 }, () => random.below(256))),
        bytes.subarray(at),
      ]);
    case 7:
      return Buffer.concat([
        before,
        Buffer.from(junkText(random, before.subarray(-20).toString())),
        bytes.subarray(at),
      ]);
    default:
      return Buffer.concat([before, Buffer.from(random.pickAny(tokens) ?? ""), bytes.subarray(at)]);
  }
}
