import { expect, it } from "vitest";
import { trivyPath } from "../support/trivy-path.ts";
import { runChaos } from "./run-chaos.ts";

const minutes = 60_000;

it(
  "killed 200 times among all kinds of faults: nothing is lost, told twice, shown in part or left behind",
  { timeout: 15 * minutes },
  async () => {
    const signal = AbortSignal.timeout(15 * minutes);

    const result = await runChaos({ kills: 200, seed: 4, trivyPath: trivyPath(), signal, tell: () => undefined });

    const { kills, lost, doubled, partial, leftovers } = result;
    expect({ kills, lost, doubled, partial, leftovers }).toEqual({
      kills: 200,
      lost: [],
      doubled: [],
      partial: [],
      leftovers: [],
    });
    expect(result.answers).toBeGreaterThan(1000);
    expect(result.steps.size).toBeGreaterThan(15);
  },
);
