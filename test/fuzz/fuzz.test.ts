import { describe, expect, it } from "vitest";
import { runTarget } from "./engine/run-target.ts";
import { summarise } from "./engine/summarise.ts";
import { targetNames } from "./targets.ts";

const seed = 20_261_121;

describe.concurrent("no input crashes a parser, and none is refused without a reason that a person can act on", () => {
  it.each(targetNames)("%s", { timeout: 60_000 }, async (target) => {
    const result = await runTarget({ target, seed, from: 0, inputs: fewer[target] ?? 300 });

    // Each finding has its replay command.
    expect(summarise(seed, [result]).targets[0]?.findings).toEqual([]);
    expect(result.accepted).toBeGreaterThan(0);
    expect(result.accepted + result.refused).toBe(result.inputs);
  });
});

/** Where each takes milliseconds: answers that never come, large reports. `npm run fuzz` has the time. */
const fewer: Readonly<Record<string, number>> = {
  "exemption-files": 60,
  "http-bytes": 40,
  "http-requests": 150,
  "registry-answers": 150,
  "settings-files": 60,
  "trivy-reports": 150,
  "webhook-answers": 150,
};
