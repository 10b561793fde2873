import * as z from "zod";
import type { ChaosWorld } from "../world/chaos-world.ts";
import type { CheckedChanges } from "./check-changes.ts";
import type { KnownTruth } from "./known-truth.ts";

const Letters = z.object({ items: z.array(z.looseObject({ id: z.string(), reason: z.string() })) });
const Letter = z.looseObject({ body: z.string() });

/** News that nobody can use have to be there, each once; all others have gone on when they were sent again. */
export async function checkLetters({ call }: Pick<ChaosWorld, "call">, truth: KnownTruth): Promise<CheckedChanges> {
  const { status, body } = await call("/api/dead-letters?limit=500");
  if (status !== 200) return { lost: ["Dead letters cannot be read."], doubled: [] };
  const { items } = Letters.parse(body);
  const strange = items.filter(({ reason }) => reason === "unknown-registry");
  const bodies = await Promise.all(
    strange.map(async ({ id }) => Letter.parse((await call(`/api/dead-letters/${id}`)).body).body),
  );
  const kept = [...truth.strange].map((name) => ({
    name,
    times: bodies.filter((text) => text.includes(`"repository":"${name}"`)).length,
  }));
  return {
    lost: [
      ...kept.filter(({ times }) => times === 0).map(({ name }) => `${name}: its news is not among the dead letters.`),
      ...items
        .filter((each) => !strange.includes(each))
        .map((letter) => `A dead letter stays: ${JSON.stringify(letter)}`),
    ],
    doubled: kept.filter(({ times }) => times > 1).map(({ name, times }) => `${name}: ${times} dead letters.`),
  };
}
