import { describe, expect, it } from "vitest";
import { steps } from "../../../shared/ports/step.ts";
import { planRound } from "./plan-round.ts";

const options = { seed: 11, kills: 200, scanner: "scripted", firstStep: 0 } as const;

describe("the plan of a round", () => {
  it("is the same for the same seed, and another one for another", () => {
    const plan = planRound(options);

    expect(planRound(options)).toEqual(plan);
    expect(planRound({ ...options, seed: 12 })).not.toEqual(plan);
  });

  it("ends a life at every named step", () => {
    const { lives } = planRound(options);

    const ends = new Set(lives.flatMap(({ end }) => (end.kind === "atStep" ? [end.step] : [])));
    expect([...ends].sort()).toEqual(steps.toSorted());
  });

  it("loses, doubles and delays events, and deletes images", () => {
    const actions = planRound(options).lives.flatMap((life) => life.actions);

    const fates = actions.flatMap((action) => ("fates" in action ? action.fates : []));
    expect(new Set(fates.map((fate) => fate.length))).toEqual(new Set([0, 1, 2, 3]));
    expect(Math.max(...fates.flat())).toBeGreaterThan(1000);
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(
      new Set(["push", "tag", "delete", "publishDatabase", "rescan"]),
    );
  });
});
