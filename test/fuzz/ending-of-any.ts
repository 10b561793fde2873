import { whyUnexplained } from "./engine/why-unexplained.ts";
import { endingOf, type Ending } from "./fuzz-target.ts";

/**
 * For inputs of several kinds, each with a parser that the others are refused by: accepted when one takes it. A refusal
 * without a reason counts whichever parser it is from.
 */
export async function endingOfAny(
  works: readonly (() => unknown)[],
  refusals: Parameters<typeof endingOf>[1],
  input: Uint8Array,
): Promise<Ending> {
  const endings: Ending[] = [];
  for (const work of works) endings.push(await endingOf(work, refusals));
  const refused = endings.filter((ending) => ending.kind === "refused");
  const worst = refused.find(({ why }) => whyUnexplained(why, input) !== undefined);
  const isTaken = refused.length < endings.length;
  return worst ?? (isTaken ? undefined : refused[0]) ?? { kind: "accepted" };
}
