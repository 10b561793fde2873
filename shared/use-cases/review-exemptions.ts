import { isInForce } from "../domain/exemption-for.ts";
import type { ImageId } from "../domain/image-record.ts";
import { compareMarks, joinScopes, marksOf, type ExemptionMark } from "../domain/review-scope.ts";
import { parseReview, type ExemptionReview, type ReviewPlace, type ReviewWork } from "../messages/stored-review.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Clock } from "../ports/clock.ts";
import type { CurrentExemptions, Exemptions } from "../ports/exemptions.ts";
import type { Etag } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { inGroups } from "./in-groups.ts";
import type { RecordChangesPorts } from "./record-changes.ts";
import { reviewImage } from "./review-image.ts";

export interface ReviewExemptionsPorts extends RecordChangesPorts {
  readonly checkpoints: Checkpoints;
  readonly exemptions: Exemptions;
  readonly clock: Clock;
  /** Aborted when the process is about to end: the review stops after its page. */
  readonly stopping?: AbortSignal;
}

export interface ReviewedExemptions {
  /** Images whose findings became others. */
  readonly changed: number;
  /** `busy`: another run is at it. `more`: the time was up; the next run goes on. */
  readonly kind: "done" | "more" | "busy";
  /** Why images could not be reviewed. They are tried again at the next run. */
  readonly errors: readonly unknown[];
}

/**
 * Compares the exemptions that apply now with those that images were last reviewed with, and makes the findings of all
 * images agree that this may concern. Goes on where the run before ended; safe to run twice at the same time. Images
 * that are being scanned meanwhile are looked at again by the next run.
 */
export const reviewExemptions = (ports: ReviewExemptionsPorts) => {
  const { checkpoints, exemptions, clock, images, stopping } = ports;
  const review = reviewImage(ports);

  return async (limitMs = 10 * 60 * 1000): Promise<ReviewedExemptions> => {
    const now = clock.now();
    const current = await exemptions.current();
    const target = marksOf(current.all.filter((each) => isInForce(each, now)));
    const stored = await checkpoints.read(name);
    const before = stored === undefined ? { again: [] } : parseReview(stored.value);
    let etag: Etag | "new" = stored?.etag ?? "new";
    let state: ExemptionReview = { ...before, work: nextWork(before, target) };
    if (state.work === undefined && state.again.length === 0) return { kind: "done", changed: 0, errors: [] };

    let changed = 0;
    const errors: unknown[] = [];
    const again = new Set<ImageId>();
    if (state.work !== undefined && state.work !== before.work) {
      // Whatever is being scanned now may decide with the exemptions of before, and need not be listed anywhere yet.
      state = { ...state, again: [...new Set([...state.again, ...(await scanningImages())])] };
      if (!(await save())) return { kind: "busy", changed, errors };
      reached("review-begun");
    }
    const endsAt = performance.now() + limitMs;
    for (let { work } = state; work !== undefined; work = state.work) {
      if (stopping?.aborted || performance.now() > endsAt) return { kind: "more", changed, errors };
      const page = await listImages(work);
      await reviewEach(page.ids, current, now);
      reached("exemptions-reviewed");
      if (errors.length > mostErrors) return { kind: "more", changed, errors };
      state = {
        ...(page.next === undefined ? { reviewed: work.target } : { ...state, work: { ...work, place: page.next } }),
        again: [...new Set([...state.again, ...again])],
      };
      if (!(await save())) return { kind: "busy", changed, errors };
    }
    again.clear();
    await reviewEach(state.again, current, now);
    if (again.size < state.again.length || errors.length > 0) {
      state = { ...state, again: [...again] };
      if (!(await save())) return { kind: "busy", changed, errors };
    }
    return { kind: "done", changed, errors };

    async function reviewEach(ids: readonly ImageId[], by: CurrentExemptions, at: Date): Promise<void> {
      await inGroups(ids, async (id) => {
        try {
          const reviewed = await review(id, by, at);
          if (reviewed.changed) changed += 1;
          if (reviewed.isBeingScanned) again.add(id);
        } catch (error) {
          errors.push(error);
          again.add(id);
        }
      });
    }

    async function save(): Promise<boolean> {
      const written = await checkpoints.write(name, state, etag);
      if (written.kind === "written") etag = written.etag;
      return written.kind === "written";
    }
  };

  async function listImages({ scope, place }: ReviewWork): Promise<{ ids: readonly ImageId[]; next?: ReviewPlace }> {
    const { index, cursor } = place;
    if (scope === "everything") {
      const { items, next } = await images.list({}, { limit: 200, cursor });
      return { ids: items.map(({ id }) => id), ...(next !== undefined && { next: { index, cursor: next } }) };
    }
    const vulnerability = scope[index];
    if (vulnerability === undefined) return { ids: [] };
    const { items, next } = await images.listAffected(vulnerability, { limit: 20, cursor });
    const following = next === undefined ? { index: index + 1 } : { index, cursor: next };
    return { ids: items.map(({ image }) => image.id), ...(following.index < scope.length && { next: following }) };
  }

  async function scanningImages(): Promise<readonly ImageId[]> {
    const { items } = await images.list({ state: "scanning" }, { limit: 500 });
    return items.map(({ id }) => id);
  }
};

const name = "exemptions.review";

/** More are no fault of single images: the page is done again by the next run. */
const mostErrors = 100;

/** Work that was begun for other exemptions than those of now starts over: pages before were reviewed with the others. */
function nextWork(before: ExemptionReview, target: readonly ExemptionMark[]): ReviewWork | undefined {
  const { reviewed = [], work } = before;
  const newer = compareMarks(work?.target ?? reviewed, target);
  if (newer.length === 0) return work;
  return { target, scope: work === undefined ? newer : joinScopes(work.scope, newer), place: { index: 0 } };
}
