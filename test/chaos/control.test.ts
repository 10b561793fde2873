import { describe, expect, it } from "vitest";
import { trivyPath } from "../support/trivy-path.ts";
import { guards, type Guard } from "./control/guards.ts";
import { runChaos, type ChaosResult } from "./run-chaos.ts";

function runWith({ edits, only, kills = 5 }: Omit<Guard, "breaks">): Promise<ChaosResult> {
  const signal = AbortSignal.timeout(100_000);
  return runChaos({ kills, seed: 7, trivyPath: trivyPath(), signal, tell: () => undefined, edits, only, quick: true });
}

describe("the fault injection sees when a guard is taken out", { timeout: 120_000 }, () => {
  it.each<[string, Guard]>(Object.entries(guards))("%s", async (_, guard) => {
    const result = await runWith(guard);

    expect(result[guard.breaks]).not.toEqual([]);
  });

  it("and sees nothing when none is, at the same steps", async () => {
    const all: readonly Guard[] = Object.values(guards);
    const steps = all.flatMap(({ only }) => only.steps);
    const faults = all.flatMap(({ only }) => only.faults);

    const { lost, doubled, partial, leftovers } = await runWith({ edits: [], only: { steps, faults } });

    expect({ lost, doubled, partial, leftovers }).toEqual({ lost: [], doubled: [], partial: [], leftovers: [] });
  });
});
