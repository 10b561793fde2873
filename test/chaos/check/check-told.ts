import type { ToldAlert } from "../world/consumer.ts";
import { checkChanges, type CheckedChanges, type LastState } from "./check-changes.ts";
import { subjectOf, type KnownTruth } from "./known-truth.ts";
import type { ImageAnswer } from "./read-answers.ts";
import { toldChanges } from "./told-changes.ts";

/**
 * Everything that the consumer was told, held against everything that happened.
 * @param now the newest database, and the time by which exemptions are or are not in force
 */
export function checkTold(
  told: readonly ToldAlert[],
  images: readonly ImageAnswer[],
  truth: KnownTruth,
  now: Required<LastState>,
): CheckedChanges {
  const lost: string[] = [];
  const doubled = [...endingsToldTwice(told)];
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
    if (!isGone) lost.push(...notScanned(subject, image, truth.announced.has(subject) ? now.database : undefined));
    const scannedWith = image?.scan?.database.updatedAt ?? "";
    const last = isGone
      ? { database: scannedWith }
      : { database: truth.announced.has(subject) ? now.database : scannedWith, at: now.at };
    const checked = checkChanges(subject, changes.get(subject) ?? [], truth, last);
    lost.push(...checked.lost);
    doubled.push(...checked.doubled);
  }
  return { lost, doubled };
}

/** @param newestDatabase missing when any will do */
function notScanned(
  subject: string,
  image: ImageAnswer | undefined,
  newestDatabase: string | undefined,
): readonly string[] {
  if (image === undefined) return [`${subject}: is not known.`];
  if (image.state.kind !== "scanned") return [`${subject}: is ${JSON.stringify(image.state)}.`];
  const { updatedAt } = image.scan?.database ?? {};
  return newestDatabase === undefined || updatedAt === newestDatabase
    ? []
    : [`${subject}: was last scanned with the database of ${updatedAt ?? "no day"}.`];
}

/** Once for each end of each exemption. */
function endingsToldTwice(told: readonly ToldAlert[]): readonly string[] {
  const endings = told.flatMap(({ type, data: { exemption } }) =>
    type === "dev.tidewatch.exemption.ending" && exemption !== undefined
      ? [`${exemption.id} until ${exemption.until ?? "ever"}`]
      : [],
  );
  return endings
    .filter((ending, number) => endings.indexOf(ending) !== number)
    .map((ending) => `${ending}: its end was announced twice.`);
}
