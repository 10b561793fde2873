import { setTimeout } from "node:timers/promises";
import type { CheckedChanges } from "./check/check-changes.ts";
import { reviewAll, wrongExemptions } from "./check/check-exemptions.ts";
import { checkLetters } from "./check/check-letters.ts";
import { checkTold } from "./check/check-told.ts";
import { leftFiles } from "./check/find-leftovers.ts";
import { subjectOf } from "./check/known-truth.ts";
import { readFindings, readImages, type ImageAnswer } from "./check/read-answers.ts";
import { wrongFindings } from "./check/watch-readers.ts";
import { redriveAll, runTimers, type ActionParts } from "./perform-action.ts";
import { databaseDate } from "./plan/planned-database.ts";
import { bringAbout } from "./world/faults.ts";

export interface Settled extends CheckedChanges {
  readonly leftovers: readonly string[];
  /** Complete by then, and nevertheless not what was expected. */
  readonly partial: readonly string[];
}

/**
 * Lets everything work again and gives the recovery its time, which is hours of the clock: each further life begins
 * later than the one before, until nothing is missing any more, or there was time enough for all that is promised.
 * Then days pass, if something is left over that only they take away. The last life shows whether anything is told
 * once more.
 */
export async function settle(parts: ActionParts, { quick }: { readonly quick: boolean }): Promise<Settled> {
  const live = livesOf(parts);
  const unreviewed: string[] = [];
  const review = async () => void unreviewed.push(...(await reviewAll(parts)));
  const [first, ...others] = quick ? quickWaits : waits;
  let settled = await live(first, { scans: "all", before: review });
  for (const hours of others) if (settled.lost.length > 0) settled = await live(hours, { scans: "all" });
  if (problemsOf(settled) > 0) settled = await live(8 * 24, { scans: settled.lost.length > 0 ? "all" : "asked" });
  settled = await live(1.1, { scans: "all", atLeastMs: 400 });
  return { ...settled, partial: [...unreviewed, ...settled.partial] };
}

/**
 * In hours: what a walk has found is scanned after five minutes, a put-off scan comes again after an hour at the latest,
 * a lost message after some three, and a webhook after twenty.
 */
const waits = [0.1, 0.2, 1.1, 4, 10] as const;
const quickWaits = [0.1] as const;

interface SettledLife {
  /** Scanning everything again takes most of the time. */
  readonly scans: "all" | "asked";
  readonly before?: () => Promise<void>;
  readonly atLeastMs?: number;
}

function livesOf(parts: ActionParts) {
  const { world, scanner } = parts;
  return async (hours: number, { scans, before, atLeastMs = 0 }: SettledLife): Promise<Settled> => {
    world.goForward(hours * 60 * 60 * 1000);
    await bringAbout("none", world, scanner);
    const life = world.start({ diskFull: false, environment: onlyByHand });
    if (!(await life.said("The vulnerability database is ready."))) throw new Error((await life.ended).output);
    await world.courier.delivered(AbortSignal.timeout(20_000));
    await redriveAll(world);
    await before?.();
    await runTimers(world, [...timers, ...patientTimers, ...(scans === "all" ? rescans : [])]);
    const settled = await check(parts, atLeastMs);
    life.kill("SIGTERM");
    const { exitCode, output } = await life.ended;
    if (exitCode !== 0) throw new Error(`Tidewatch did not stop in good order:\n${output}`);
    return settled;
  };
}

const timers = ["refreshDatabase", "applyRetention"];

const rescans = ["requestDueRescans"];
const onlyByHand = { "AzureWebJobs.requestDueRescans.Disabled": "true" };

/** Finds what no event told, and tells what an end in between has left. They may have to go on where they stopped. */
const patientTimers = ["reviewExemptions", "reconcileRegistries", "relayOutbox"];

/** Looks until it is clean, or nothing gets better any more. */
async function check(parts: ActionParts, atLeastMs: number): Promise<Settled> {
  await setTimeout(atLeastMs);
  let last = { seen: "", at: performance.now() };
  for (;;) {
    const images = (await readImages(parts.world)) ?? [];
    const found = await look(parts, images);
    const seen = JSON.stringify([images, parts.world.consumer.told.size, found]);
    const patienceMs = images.some(isUnderWay) ? 3_000 : 1_200;
    if (seen !== last.seen) last = { seen, at: performance.now() };
    const isLast = performance.now() - last.at > patienceMs;
    const partial = isLast || problemsOf(found) === 0 ? await lookInto(parts, images) : [];
    const all = { ...found, partial };
    if (isLast || problemsOf(all) === 0) return all;
    await runTimers(parts.world, patientTimers);
    await setTimeout(200);
  }
}

/** Otherwise what is missing comes at another time or not at all. */
function isUnderWay({ state }: ImageAnswer): boolean {
  return state.kind === "scanning" || (state.kind === "waiting" && state["putOff"] === undefined);
}

async function look({ world, truth, databases }: ActionParts, images: readonly ImageAnswer[]): Promise<Settled> {
  const newest = databaseDate(databases.length - 1).toISOString();
  const told = checkTold([...world.consumer.told.values()], images, truth, { database: newest, at: world.now() });
  const letters = await checkLetters(world, truth);
  return {
    lost: [...told.lost, ...letters.lost],
    doubled: [...told.doubled, ...letters.doubled],
    partial: [],
    leftovers: await leftFiles(world.stateDirectory),
  };
}

/** Findings of every image that has a verdict. */
async function lookInto({ world, truth }: ActionParts, images: readonly ImageAnswer[]): Promise<readonly string[]> {
  const partial: string[] = [];
  for (const image of images.filter((each) => each.state.kind === "scanned" && truth.manifests.has(subjectOf(each)))) {
    const found = await readFindings(world, image.id);
    if (found === undefined) partial.push(`${subjectOf(image)} has findings that cannot be read.`);
    else
      partial.push(
        ...wrongFindings(found.image, found.items, truth),
        ...wrongExemptions(found.image, found.items, truth, world.now()),
      );
  }
  return partial;
}

function problemsOf({ lost, doubled, partial, leftovers }: Settled): number {
  return [lost, doubled, partial, leftovers].flat().length;
}
