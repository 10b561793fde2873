import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidDigestError, isDigest, parseDigest } from "../../shared/domain/digest.ts";
import { digestText } from "./reference-texts.ts";

describe("parseDigest", () => {
  it("gives back every digest as it is", () => {
    fc.assert(fc.property(digestText, (text) => parseDigest(text) === text));
  });

  it.each([
    ["nothing", ""],
    ["another algorithm", `sha512:${"a".repeat(128)}`],
    ["upper case", `sha256:${"A".repeat(64)}`],
    ["one digit too few", `sha256:${"a".repeat(63)}`],
    ["one digit too many", `sha256:${"a".repeat(65)}`],
    ["a line break at the end", `sha256:${"a".repeat(64)}\n`],
    ["white space before it", ` sha256:${"a".repeat(64)}`],
    ["no algorithm", "a".repeat(64)],
  ])("refuses %s", (_, text) => {
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest(text)).toThrow(InvalidDigestError);
  });

  it("refuses any other text, quoting no more than its beginning", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (text) => {
        expect(() => parseDigest(text)).toThrow(InvalidDigestError);
        expect(() => parseDigest(text)).not.toThrow(/.{1000}/s);
      }),
    );
  });
});
