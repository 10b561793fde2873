import * as z from "zod";

/** Some inputs of one target, by their numbers. */
export type FuzzRun = z.output<typeof FuzzRun>;

export const FuzzRun = z.object({
  target: z.string(),
  seed: z.int(),
  /** Number of the first input. */
  from: z.int().min(0),
  inputs: z.int().min(0),
});

/** What was found with one input. */
export type FuzzFinding = z.output<typeof FuzzFinding>;

export const FuzzFinding = z.object({
  kind: z.enum(["crash", "unexplained"]),
  input: z.int(),
  finding: z.string(),
  /** The input's beginning, as JSON text. */
  shown: z.string(),
});

/** What a worker tells: each finding when it is made, and that it is done. */
export const WorkerReport = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("found"), found: FuzzFinding }),
  z.object({ kind: z.literal("done") }),
]);

export type WorkerReport = z.output<typeof WorkerReport>;
