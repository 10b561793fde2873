import { accepted, type FuzzTarget } from "../fuzz-target.ts";

/** Takes far too much memory for the second input. */
export const target: FuzzTarget = {
  about: "a parser that takes all the memory there is",
  format: "text",
  open: async () => {
    const kept: unknown[] = [];
    return {
      corpus: ["one", "large", "three"],
      run: (input) => {
        if (Buffer.from(input).toString() === "large") kept.push(Buffer.alloc(400_000_000));
        else kept.splice(0);
        return accepted;
      },
    };
  },
};
