import { setTimeout } from "node:timers/promises";
import type { ActionParts } from "../perform-action.ts";
import { runTimers } from "../perform-action.ts";
import { subjectOf } from "./known-truth.ts";
import { readFindings, readImages, type FindingAnswer, type ImageAnswer } from "./read-answers.ts";

/**
 * Reviews images until each finding is marked as it is to be, before a scan could do the same. Resolves to what is not,
 * when nothing changes any more.
 */
export async function reviewAll(parts: ActionParts): Promise<readonly string[]> {
  let last = { wrong: "", at: performance.now() };
  for (;;) {
    await runTimers(parts.world, ["reviewExemptions"]);
    await setTimeout(100);
    const wrong = await wrongInAll(parts);
    if (wrong.length === 0) return [];
    if (wrong.join() !== last.wrong) last = { wrong: wrong.join(), at: performance.now() };
    if (performance.now() - last.at > patienceMs) return wrong.map((each) => `After reviews: ${each}`);
  }
}

const patienceMs = 3_000;

async function wrongInAll({ world, truth }: ActionParts): Promise<readonly string[]> {
  const images = (await readImages(world)) ?? [];
  const wrong: string[] = [];
  for (const { id, scan } of images) {
    const found = scan && (await readFindings(world, id));
    if (found !== undefined) wrong.push(...wrongExemptions(found.image, found.items, truth, world.now()));
  }
  return wrong;
}

/** Findings that are marked as exempted and are not at that time, and the other way round. */
export function wrongExemptions(
  image: ImageAnswer,
  items: readonly FindingAnswer[],
  { exemptions }: ActionParts["truth"],
  at: Date,
): readonly string[] {
  const subject = subjectOf(image);
  return items.flatMap(({ vulnerabilityId: id, exemption }) => {
    const isExempt = exemptions.isInForce(subject, id, at);
    if (isExempt === (exemption !== undefined)) return [];
    return [`${subject}: ${id} is ${isExempt ? "not shown as exempted" : "shown as exempted"}.`];
  });
}
