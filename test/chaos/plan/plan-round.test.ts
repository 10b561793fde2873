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

  it("does everything that there is to do, loses, doubles and delays events", () => {
    const actions = planRound(options).lives.flatMap((life) => life.actions);

    const fates = actions.flatMap((action) => ("fates" in action ? action.fates : []));
    expect(new Set(fates.map((fate) => fate.length))).toEqual(new Set([0, 1, 2, 3]));
    expect(Math.max(...fates.flat())).toBeGreaterThan(1000);
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(
      new Set([
        ...["push", "tag", "delete", "publishDatabase", "rescan", "walk"],
        ...["exempt", "endExemption", "strangeNews", "redrive"],
      ]),
    );
  });

  it("makes exemptions in files and through the API, for one repository and for all, with an end and without", () => {
    const actions = planRound(options).lives.flatMap((life) => life.actions);

    const made = actions.flatMap((action) => (action.kind === "exempt" ? [action.exemption] : []));
    expect(new Set(made.map(({ by }) => by))).toEqual(new Set(["api", "file"]));
    expect(new Set(made.map(({ repository }) => repository === undefined))).toEqual(new Set([true, false]));
    expect(new Set(made.map(({ endsAfterMs }) => endsAfterMs === undefined))).toEqual(new Set([true, false]));
  });

  it("has what leads to a step in the life that is to end there", () => {
    const { lives } = planRound(options);

    const towards = (step: string) => lives.filter(({ end }) => end.kind === "atStep" && end.step === step);
    const kinds = (step: string) => towards(step).map(({ actions }) => new Set(actions.map(({ kind }) => kind)));
    expect(kinds("missing-asked").every((each) => each.has("walk"))).toBe(true);
    expect(kinds("letter-sent-again").every((each) => each.has("redrive"))).toBe(true);
    expect(towards("letter-kept").every(({ fault }) => fault === "subscriber-gone")).toBe(true);
  });
});
