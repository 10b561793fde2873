import type { Step } from "../../../shared/ports/step.ts";
import { packageCount, type PlannedDatabase } from "./planned-database.ts";
import type { EventFate, PlannedAction, PlannedExemption, PlannedImage } from "./planned-round.ts";
import type { SeededRandom } from "./seeded-random.ts";

export interface ActionPlanner {
  /** What happens in the next life. What leads to the step that it ends at is among it. */
  readonly next: (towards: Step | undefined) => readonly PlannedAction[];
  /** How many were published so far. */
  readonly databases: () => number;
}

/** @param databases in the order in which they are published; the first is there from the start */
export function actionPlanner(random: SeededRandom, databases: readonly PlannedDatabase[]): ActionPlanner {
  const images: PlannedImage[] = [];
  const exemptions: PlannedExemption[] = [];
  let named = 0;
  let published = 1;

  return {
    databases: () => published,
    next: (towards) => {
      const leading = towards === undefined ? [] : (leadingTo[towards] ?? []);
      const isPlanned = (kind: Occasion, probability: number) => random.chance(probability) || leading.includes(kind);
      return [
        // At the very beginning, so that the process finds the file when it starts.
        ...(isPlanned("endExemption", 0.15) ? endExemption() : []),
        ...(isPlanned("exempt", 0.2) ? [exempt(towards)] : []),
        ...Array.from({ length: random.chance(0.25) ? 2 : 1 }, () => push(planFates)),
        ...(isPlanned("indexPush", 0.02) ? [push(towards === "held-replaced" ? indexLast : atOnce, 2)] : []),
        ...(random.chance(0.2) ? tag() : []),
        ...(isPlanned("silentPush", 0.05) ? [push(unheard)] : []),
        ...(random.chance(0.15) ? deletion(planFates) : []),
        ...(isPlanned("silentDeletion", 0.05) ? deletion(unheard) : []),
        ...(isPlanned("newDatabase", 0.3) ? newDatabase() : []),
        ...(random.chance(0.1) ? [strangeNews()] : []),
        ...(isPlanned("walk", 0.1) ? [{ kind: "walk" } as const] : []),
        ...(isPlanned("redrive", 0.15) ? [{ kind: "redrive" } as const] : []),
      ];
    },
  };

  function push(fatesOf: typeof planFates, platforms = random.chance(0.2) ? 2 : 1): PlannedAction {
    const image = planImage(random, `shop/app-${named}`, platforms);
    named += 1;
    images.push(image);
    return { kind: "push", image, fates: fatesOf(random, image.platforms.length + 1) };
  }

  function tag(): readonly PlannedAction[] {
    const image = images[random.below(images.length)];
    return image === undefined ? [] : [{ kind: "tag", image, tag: `also-${named}`, fates: planFates(random, 1) }];
  }

  /** Of images for one platform only: an index that is deleted leaves its manifests behind. */
  function deletion(fatesOf: typeof planFates): readonly PlannedAction[] {
    const candidates = images.filter(({ platforms }) => platforms.length === 1);
    const image = candidates[random.below(candidates.length)];
    if (image === undefined) return [];
    images.splice(images.indexOf(image), 1);
    return [{ kind: "delete", image, fates: fatesOf(random, 1) }];
  }

  function newDatabase(): readonly PlannedAction[] {
    if (published === databases.length) return [];
    published += 1;
    return [{ kind: "publishDatabase", database: published - 1 }, { kind: "rescan" }];
  }

  function exempt(towards: Step | undefined): PlannedAction {
    named += 1;
    const exemption: PlannedExemption = {
      id: `risk-${named}`,
      by: towards === "exemption-changed" ? "api" : random.pick(["api", "file"]),
      package: vulnerablePackage(),
      repository: random.chance(0.4) ? images[random.below(images.length)]?.repository : undefined,
      endsAfterMs: random.pick([undefined, random.below(20 * minutes), 13 * 24 * 60 * minutes]),
    };
    exemptions.push(exemption);
    return { kind: "exempt", exemption };
  }

  /** Others would be of no consequence. */
  function vulnerablePackage(): number {
    const known = [...(databases[published - 1]?.keys() ?? [])];
    return known[random.below(known.length)] ?? random.below(packageCount);
  }

  function endExemption(): readonly PlannedAction[] {
    return exemptions
      .splice(random.below(exemptions.length), 1)
      .map((exemption) => ({ kind: "endExemption", exemption }));
  }

  function strangeNews(): PlannedAction {
    named += 1;
    return { kind: "strangeNews", repository: `elsewhere/app-${named}` };
  }
}

type Occasion =
  "exempt" | "endExemption" | "indexPush" | "silentPush" | "silentDeletion" | "newDatabase" | "walk" | "redrive";

const aWalk = ["silentPush", "silentDeletion", "walk"] as const;

/** Steps that little else leads to. */
export const leadingTo: Readonly<Partial<Record<Step, readonly Occasion[]>>> = {
  "index-child-accepted": ["indexPush"],
  "held-replaced": ["indexPush"],
  "index-told": ["indexPush"],
  "held-removed": ["indexPush"],
  "image-settled": ["indexPush"],
  "rescan-queued": ["newDatabase"],
  "database-unpacked": ["newDatabase"],
  "walk-begun": aWalk,
  "found-told": aWalk,
  "missing-asked": aWalk,
  "coverage-told": aWalk,
  "walk-step-kept": aWalk,
  "exemption-changed": ["exempt", "endExemption"],
  "review-begun": ["exempt"],
  "exemptions-reviewed": ["exempt"],
  "endings-published": ["exempt"],
  "letter-sent-again": ["redrive"],
};

const minutes = 60_000;

/** An image without any package has no verdict, so there is one at least. */
function planImage(random: SeededRandom, repository: string, count: number): PlannedImage {
  const platforms = Array.from({ length: count }, () => {
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

function atOnce(_: SeededRandom, count: number): readonly EventFate[] {
  return Array.from({ length: count }, () => [0]);
}

/** The platforms are judged before their index is heard of, even by a process that has yet to start. */
function indexLast(_: SeededRandom, count: number): readonly EventFate[] {
  return Array.from({ length: count }, (_, number) => [number === count - 1 ? 1_600 : 0]);
}

function unheard(_: SeededRandom, count: number): readonly EventFate[] {
  return Array.from({ length: count }, () => []);
}
