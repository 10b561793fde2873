import type { ToldAlert } from "../world/consumer.ts";
import { checkChanges, type CheckedChanges } from "./check-changes.ts";
import { toldChanges } from "./told-changes.ts";
import { subjectOf, type KnownTruth } from "./known-truth.ts";
import type { ImageAnswer } from "./read-answers.ts";

/** Everything that the consumer was told, held against everything that happened. */
export function checkTold(
  told: readonly ToldAlert[],
  images: readonly ImageAnswer[],
  truth: KnownTruth,
  newestDatabase: string,
): CheckedChanges {
  const lost: string[] = [];
  const doubled: string[] = [];
  const changes = Map.groupBy(told.flatMap(toldChanges), ({ subject }) => subject);
  for (const subject of truth.manifests.keys()) {
    const image = images.find((each) => subjectOf(each) === subject);
    const gone = told.filter((alert) => alert.subject === subject && alert.type === "dev.tidewatch.image.gone");
    const isGone = truth.deleted.has(subject);

    if (isGone && image !== undefined && image.state.kind !== "gone") lost.push(`${subject}: is ${image.state.kind}.`);
    if (isGone && image !== undefined && gone.length === 0) lost.push(`${subject}: was never told as gone.`);
    if (gone.length > 1)
      doubled.push(
        `${subject}: told as gone ${gone.length} times: ${gone.map(({ id, data }) => `${id} ${JSON.stringify(data)}`).join(" ")}`,
      );
    if (!isGone) lost.push(...notScanned(subject, image, newestDatabase));
    const lastDatabase = isGone ? (image?.scan?.database.updatedAt ?? "") : newestDatabase;
    const checked = checkChanges(subject, changes.get(subject) ?? [], truth, lastDatabase);
    lost.push(...checked.lost);
    doubled.push(...checked.doubled);
  }
  return { lost, doubled };
}

function notScanned(subject: string, image: ImageAnswer | undefined, newestDatabase: string): readonly string[] {
  if (image === undefined) return [`${subject}: is not known.`];
  if (image.state.kind !== "scanned") return [`${subject}: is ${JSON.stringify(image.state)}.`];
  const { updatedAt } = image.scan?.database ?? {};
  return updatedAt === newestDatabase
    ? []
    : [`${subject}: was last scanned with the database of ${updatedAt ?? "no day"}.`];
}
