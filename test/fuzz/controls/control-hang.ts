import { accepted, type FuzzTarget } from "../fuzz-target.ts";

/** Never comes back from the third input, and is slow at the fifth. */
export const target: FuzzTarget = {
  about: "a parser that hangs",
  format: "text",
  open: async () => ({
    corpus: ["one", "two", "hang", "four", "slow", "six"],
    run: (input) => {
      const text = Buffer.from(input).toString();
      while (text === "hang");
      // Of the processor: on a busy machine a second passes without anybody's doing.
      const before = process.threadCpuUsage();
      const spentMs = () => {
        const { user, system } = process.threadCpuUsage(before);
        return (user + system) / 1000;
      };
      while (text === "slow" && spentMs() < 1200);
      return accepted;
    },
  }),
};
