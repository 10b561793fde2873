import { recordings } from "../corpus/fixtures.ts";
import { accepted, type FuzzTarget } from "../fuzz-target.ts";

/** Throws another error than it should, at most inputs that are no JSON any more. */
export const target: FuzzTarget = {
  about: "a parser that crashes",
  format: "json",
  open: async () => ({
    corpus: recordings("distribution", "envelope"),
    run: (input) => {
      JSON.parse(Buffer.from(input).toString());
      return accepted;
    },
  }),
};
