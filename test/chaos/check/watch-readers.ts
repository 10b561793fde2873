import { setTimeout } from "node:timers/promises";
import type { ChaosWorld } from "../world/chaos-world.ts";
import { countTexts, findingText, isSame } from "./expected-findings.ts";
import { subjectOf, type KnownTruth } from "./known-truth.ts";
import { readFindings, readImages, type FindingAnswer, type ImageAnswer } from "./read-answers.ts";

export interface Watch {
  /** Every answer that was neither a complete result nor a refusal. */
  readonly partial: readonly string[];
  readonly answers: () => number;
  readonly stop: () => Promise<void>;
}

/** Reads the API all the time while processes come and go: whatever is shown has to be the whole of some scan. */
export function watchReaders(world: Pick<ChaosWorld, "call">, truth: KnownTruth): Watch {
  const stopping = new AbortController();
  const partial: string[] = [];
  let answers = 0;

  const look = async () => {
    const images = (await readImages(world)) ?? [];
    answers += 1;
    partial.push(...images.flatMap((image) => wrongCounts(image, truth)));
    const scanned = images.filter(({ scan }) => scan !== undefined);
    for (const image of [...scanned].sort(() => Math.random() - 0.5).slice(0, 4)) {
      const found = await readFindings(world, image.id);
      if (found === undefined) continue;
      answers += 1;
      partial.push(...wrongFindings(found.image, found.items, truth));
    }
  };
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      // Nobody listens at the moment.
      await look().catch(() => undefined);
      await setTimeout(25, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    partial,
    answers: () => answers,
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

function wrongCounts({ scan, ...image }: ImageAnswer, truth: KnownTruth): readonly string[] {
  if (scan === undefined) return [];
  const expected = truth.findingsOf(subjectOf(image), scan.database.updatedAt);
  if (expected === undefined) return [`${subjectOf(image)} is shown with a scan that nobody made.`];
  // The findings of an image that is gone have ended with it.
  if (truth.deleted.has(subjectOf(image)) && Object.values(scan.counts).every((count) => count === 0)) return [];
  const counts = Object.entries(countTexts(expected)).filter(([severity, count]) => scan.counts[severity] !== count);
  return counts.length === 0 ? [] : [`${subjectOf(image)} is shown with counts ${JSON.stringify(scan.counts)}.`];
}

export function wrongFindings(
  { scan, ...image }: ImageAnswer,
  items: readonly FindingAnswer[],
  truth: KnownTruth,
): readonly string[] {
  if (truth.deleted.has(subjectOf(image)) && items.length === 0) return [];
  const shown = new Map(items.map((finding) => [finding.vulnerabilityId, findingText(finding)]));
  const expected = scan && truth.findingsOf(subjectOf(image), scan.database.updatedAt);
  if (expected !== undefined && isSame(shown, expected) && shown.size === items.length) return [];
  return [`${subjectOf(image)} is shown with ${items.length} findings that are no complete result.`];
}
