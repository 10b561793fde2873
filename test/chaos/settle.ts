import { setTimeout } from "node:timers/promises";
import { checkTold } from "./check/check-told.ts";
import type { CheckedChanges } from "./check/check-changes.ts";
import { leftFiles } from "./check/find-leftovers.ts";
import { subjectOf } from "./check/known-truth.ts";
import { readFindings, readImages } from "./check/read-answers.ts";
import { wrongFindings } from "./check/watch-readers.ts";
import { runTimers, type ActionParts } from "./perform-action.ts";
import { databaseDate } from "./plan/planned-database.ts";
import { bringAbout } from "./world/faults.ts";
import type { SourceEdit } from "./world/preload-orders.ts";

export interface Settled extends CheckedChanges {
  readonly leftovers: readonly string[];
  /** Complete by then, and nevertheless not what was expected. */
  readonly partial: readonly string[];
}

/**
 * Lets everything work again and gives the recovery its time, which is hours of the clock: each further life begins
 * later than the one before. Ends when nothing is missing any more, or when there was time enough for all that is
 * promised. The last life shows whether anything is told once more.
 */
export async function settle(
  parts: ActionParts,
  { edits, quick }: { readonly edits: readonly SourceEdit[]; readonly quick: boolean },
): Promise<Settled> {
  const { world, scanner } = parts;
  let settled: Settled | undefined;
  for (const hours of quick ? quickWaits : waits) {
    world.goForward(hours * 60 * 60 * 1000);
    await bringAbout("none", world, scanner);
    const life = world.start({ diskFull: false, edits });
    if (!(await life.said("The vulnerability database is ready."))) throw new Error((await life.ended).output);
    await world.courier.delivered(AbortSignal.timeout(20_000));
    await runTimers(world, [...timers, ...patientTimers]);
    const wasSettled = settled !== undefined && problemsOf(settled) === 0;
    settled = await check(parts, wasSettled ? 400 : 0);
    life.kill("SIGTERM");
    const { exitCode, output } = await life.ended;
    if (exitCode !== 0) throw new Error(`Tidewatch did not stop in good order:\n${output}`);
    if (wasSettled) break;
  }
  if (settled === undefined) throw new Error("There is always a life to settle in.");
  return settled;
}

/**
 * A put-off scan comes again after an hour at the latest, a lost message after some three, a webhook after twenty, and
 * files that a crash left go after a day or more.
 */
const waits = [0.01, 1.1, 4, 10, 8 * 24, 1.1];
const quickWaits = [0.01, 8 * 24];

const timers = ["refreshDatabase", "requestDueRescans", "applyRetention"];

/** Finds what no event told, and tells what an end in between has left. They may have to go on where they stopped. */
const patientTimers = ["reconcileRegistries", "relayOutbox"];

/** Without any progress. */
const patienceMs = 5_000;

/** Looks until it is clean, or nothing gets better any more. */
async function check(parts: ActionParts, atLeastMs: number): Promise<Settled> {
  await setTimeout(atLeastMs);
  let last = { problems: Infinity, at: performance.now() };
  for (;;) {
    const found = await look(parts);
    const problems = problemsOf(found);
    if (problems > 0) await runTimers(parts.world, patientTimers);
    if (problems === 0 || performance.now() - last.at > patienceMs) return found;
    if (problems < last.problems) last = { problems, at: performance.now() };
    await setTimeout(200);
  }
}

async function look({ world, truth, databases }: ActionParts): Promise<Settled> {
  const images = (await readImages(world)) ?? [];
  const newest = databaseDate(databases.length - 1).toISOString();
  const told = checkTold([...world.consumer.told.values()], images, truth, newest);
  const partial: string[] = [];
  for (const image of images.filter((each) => each.state.kind === "scanned" && truth.manifests.has(subjectOf(each)))) {
    const found = await readFindings(world, image.id);
    if (found === undefined) partial.push(`${subjectOf(image)} has findings that cannot be read.`);
    else partial.push(...wrongFindings(found.image, found.items, truth));
  }
  return { ...told, partial, leftovers: await leftFiles(world.stateDirectory) };
}

function problemsOf({ lost, doubled, partial, leftovers }: Settled): number {
  return [lost, doubled, partial, leftovers].flat().length;
}
