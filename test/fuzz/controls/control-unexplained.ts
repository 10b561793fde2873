import type { FuzzTarget } from "../fuzz-target.ts";

/** Refuses with all that a reason can lack. */
export const target: FuzzTarget = {
  about: "a parser whose refusals explain nothing",
  format: "text",
  open: async () => {
    const reasons = ["", "bad", "Something went wrong here", "x: \u001b[31mexpected text", "expected ".repeat(300)];
    return {
      corpus: reasons.map((_, index) => String(index)),
      run: (input) => ({
        kind: "refused",
        why: reasons[Number(Buffer.from(input).toString())] ?? "name: expected a number",
      }),
    };
  },
};
