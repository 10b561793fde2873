import { steps, type Step } from "../../../shared/ports/step.ts";
import { packageCount, planDatabases } from "./planned-database.ts";
import {
  plannedFaults,
  type EventFate,
  type PlannedAction,
  type PlannedEnd,
  type PlannedFault,
  type PlannedImage,
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
  const databases = planDatabases(random, 2 + Math.ceil(kills / 6));
  const images: PlannedImage[] = [];
  let pushed = 0;
  let published = 0;

  const planActions = (): readonly PlannedAction[] => {
    const actions: PlannedAction[] = [];
    for (let more = 1 + random.below(2); more > 0; more -= 1) {
      const image = planImage(random, `shop/app-${pushed}`);
      pushed += 1;
      images.push(image);
      actions.push({ kind: "push", image, fates: planFates(random, image.platforms.length + 1) });
    }
    if (random.chance(0.2)) actions.push(...planTag(random, images, pushed));
    if (random.chance(0.15)) actions.push(...planDeletion(random, images));
    if (random.chance(0.3) && published < databases.length - 1) {
      published += 1;
      actions.push({ kind: "publishDatabase", database: published }, { kind: "rescan" });
    }
    return actions;
  };

  const lives = Array.from({ length: kills }, (_, number): PlannedLife => ({
    end: only === undefined ? planEnd(random, firstStep + number) : atStep(random, only.steps, number),
    fault: planFault(random, only?.faults ?? plannedFaults),
    actions: planActions(),
    laterMs: random.chance(0.2) ? random.below(20 * 60_000) : random.below(20_000),
  }));
  return { scanner, databases: databases.slice(0, published + 1), lives };
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
  return { kind: "atStep", step, occurrence: random.chance(0.7) ? 1 : 2 + random.below(3) };
}

function planFault(random: SeededRandom, among: readonly PlannedFault[]): PlannedFault {
  const [first = "none", ...others] = among;
  return random.chance(0.4) ? first : random.pick([first, ...others]);
}

/** An image without any package has no verdict, so there is one at least. */
function planImage(random: SeededRandom, repository: string): PlannedImage {
  const platforms = Array.from({ length: random.chance(0.2) ? 2 : 1 }, () => {
    const packages = random.some(allPackages, 0.5);
    return packages.length === 0 ? [0] : packages;
  });
  return { repository, tag: "1.0", platforms };
}

const allPackages = Array.from({ length: packageCount }, (_, number) => number);

/** Most events come once and soon; some twice or three times, some after others that were sent later, some never. */
function planFates(random: SeededRandom, count: number): readonly EventFate[] {
  return Array.from({ length: count }, () => {
    const copies = random.pick([1, 1, 1, 1, 2, 2, 3, 0]);
    return Array.from({ length: copies }, () => (random.chance(0.7) ? random.below(200) : random.below(4_000)));
  });
}

function planTag(random: SeededRandom, images: readonly PlannedImage[], number: number): readonly PlannedAction[] {
  const image = images[random.below(images.length)];
  return image === undefined ? [] : [{ kind: "tag", image, tag: `also-${number}`, fates: planFates(random, 1) }];
}

/** Of images for one platform only: an index that is deleted leaves its manifests behind. */
function planDeletion(random: SeededRandom, images: PlannedImage[]): readonly PlannedAction[] {
  const index = random.below(images.length);
  const image = images[index];
  if (image === undefined || image.platforms.length > 1) return [];
  images.splice(index, 1);
  return [{ kind: "delete", image, fates: planFates(random, 1) }];
}
