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
export function watchReaders(world: Pick<ChaosWorld, "call" | "isListening">, truth: KnownTruth): Watch {
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
      // It may end in the middle of an answer.
      if (world.isListening()) await look().catch(() => undefined);
      await setTimeout(60, undefined, { signal: stopping.signal }).catch(() => undefined);
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

/** What is exempted does not count, and which that is nobody can say from outside while exemptions come and go. */
function wrongCounts({ scan, ...image }: ImageAnswer, truth: KnownTruth): readonly string[] {
  if (scan === undefined) return [];
  const expected = truth.findingsOf(subjectOf(image), scan.database.updatedAt);
  if (expected === undefined) return [`${subjectOf(image)} is shown with a scan that nobody made.`];
  // The findings of an image that is gone have ended with it.
  const open = Object.values(scan.counts).reduce((sum, count) => sum + count, scan.exempted);
  if (truth.deleted.has(subjectOf(image)) && open === 0) return [];
  const tooMany = Object.entries(countTexts(expected)).some(
    ([severity, count]) => (scan.counts[severity] ?? 0) > count,
  );
  if (!tooMany && open === expected.size) return [];
  return [`${subjectOf(image)} is shown with counts ${JSON.stringify([scan.counts, scan.exempted])}.`];
}

/** All findings that the database knows, and exactly those that are not marked as exempted are counted. */
export function wrongFindings(
  { scan, ...image }: ImageAnswer,
  items: readonly FindingAnswer[],
  truth: KnownTruth,
): readonly string[] {
  if (truth.deleted.has(subjectOf(image)) && items.length === 0) return [];
  const shown = new Map(items.map((finding) => [finding.vulnerabilityId, findingText(finding)]));
  const expected = scan && truth.findingsOf(subjectOf(image), scan.database.updatedAt);
  if (scan === undefined || expected === undefined || !isSame(shown, expected) || shown.size !== items.length)
    return [`${subjectOf(image)} is shown with ${items.length} findings that are no complete result.`];
  const counted = items.filter(({ exemption }) => exemption === undefined);
  const counts = countTexts(new Map(counted.map((finding) => [finding.vulnerabilityId, findingText(finding)])));
  const isCounted = Object.entries(counts).every(([severity, count]) => scan.counts[severity] === count);
  if (isCounted && counted.length + scan.exempted === items.length) return [];
  return [`${subjectOf(image)} is shown with counts ${JSON.stringify(scan.counts)} that its findings do not have.`];
}
