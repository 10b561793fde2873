import * as z from "zod";
import type { ExemptionMark, ReviewScope } from "../domain/review-scope.ts";
import { parseWith } from "./invalid-message-error.ts";

/** How far the review of images has come, and which exemptions they were reviewed with. */
export interface ExemptionReview {
  /** With which every image agrees, but for those in `again`. Missing: with none that is known. */
  readonly reviewed?: readonly ExemptionMark[] | undefined;
  readonly work?: ReviewWork | undefined;
  /** Ids of images that were being scanned, or could not be written, and are to be looked at once more. */
  readonly again: readonly string[];
}

export interface ReviewWork {
  /** Becomes `reviewed` when the work is done. */
  readonly target: readonly ExemptionMark[];
  readonly scope: ReviewScope;
  readonly place: ReviewPlace;
}

/** `index` in the vulnerabilities of the scope, and the page of images there; the next page of all images. */
export interface ReviewPlace {
  readonly index: number;
  readonly cursor?: string | undefined;
}

/** Throws InvalidMessageError. */
export function parseReview(value: unknown): ExemptionReview {
  return parseWith(Review, value, "checkpoint of the review of exemptions");
}

const Marks = z.array(
  z.object({ id: z.string(), version: z.string(), vulnerability: z.string().optional() }),
) satisfies z.ZodType<readonly ExemptionMark[]>;

const Review = z.object({
  reviewed: Marks.optional(),
  work: z
    .object({
      target: Marks,
      scope: z.union([z.literal("everything"), z.array(z.string())]),
      place: z.object({ index: z.int(), cursor: z.string().optional() }),
    })
    .optional(),
  again: z.array(z.string()),
});

/** Alert ids of the endings that were announced and are still ahead. */
export function parseAnnounced(value: unknown): readonly string[] {
  return parseWith(Announced, value, "checkpoint of announced endings").announced;
}

const Announced = z.object({ announced: z.array(z.string()) });
