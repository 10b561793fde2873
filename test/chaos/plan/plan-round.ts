import { steps, type Step } from "../../../shared/ports/step.ts";
import { actionPlanner, leadingTo } from "./plan-actions.ts";
import { planDatabases } from "./planned-database.ts";
import {
  plannedFaults,
  type PlannedEnd,
  type PlannedFault,
  type PlannedLife,
  type PlannedRound,
} from "./planned-round.ts";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";

export interface RoundOptions {
  readonly seed: number;
  readonly kills: number;
  readonly scanner: PlannedRound["scanner"];
  /** The place in the list of steps to begin at, so that all of them come up in a run. */
  readonly firstStep: number;
  /** Lives end only at these steps and have only these faults. */
  readonly only?: OnlyThese | undefined;
}

export interface OnlyThese {
  readonly steps: readonly Step[];
  readonly faults: readonly PlannedFault[];
}

/** The same options give the same plan. What happens also depends on time, which no plan holds. */
export function planRound({ seed, kills, scanner, firstStep, only }: RoundOptions): PlannedRound {
  const random = seededRandom(seed);
  const databases = planDatabases(random, 2 + Math.ceil(kills / 3));
  const planner = actionPlanner(random, databases);
  const lives = Array.from({ length: kills }, (_, number): PlannedLife => {
    const end = only === undefined ? planEnd(random, firstStep + number) : atStep(random, only.steps, number);
    const step = end.kind === "atStep" ? end.step : undefined;
    return {
      end,
      fault: only === undefined ? planFault(random, plannedFaults, step) : planFault(random, only.faults),
      actions: planner.next(step),
      laterMs: planLater(random, step),
    };
  });
  return { scanner, databases: databases.slice(0, planner.databases()), lives };
}

/** Half of them at a step, in turn. */
function planEnd(random: SeededRandom, number: number): PlannedEnd {
  if (number % 2 === 0) return atStep(random, steps, number / 2);
  if (random.chance(0.2)) return { kind: "whileStarting", afterMs: 50 + random.below(900) };
  return { kind: "whileListening", afterMs: random.below(600) };
}

function atStep(random: SeededRandom, among: readonly Step[], number: number): PlannedEnd {
  const step = among[Math.floor(number) % among.length];
  if (step === undefined) throw new Error("There is no step to end at.");
  const isRare = step in leadingTo;
  return { kind: "atStep", step, occurrence: isRare || random.chance(0.7) ? 1 : 2 + random.below(3) };
}

function planFault(random: SeededRandom, among: readonly PlannedFault[], towards?: Step): PlannedFault {
  if (towards === "letter-kept") return "subscriber-gone";
  if (towards === "retry-queued") return "registry-down";
  const [first = "none", ...others] = among;
  // With most faults a step that little leads to is not reached.
  const isSpared = random.chance(towards !== undefined && towards in leadingTo ? 0.8 : 0.4);
  return isSpared ? first : random.pick([first, ...others]);
}

/** A walk begins a few minutes after the one before. */
function planLater(random: SeededRandom, towards: Step | undefined): number {
  const isWalk = towards !== undefined && leadingTo[towards]?.includes("walk") === true;
  if (isWalk) return 4 * minutes + random.below(16 * minutes);
  return random.below(random.chance(0.2) ? 20 * minutes : 20_000);
}

const minutes = 60_000;
