import type { TrivyBinary } from "../../shared/adapters/trivy/binary/trivy-binary.ts";

/** One of the programs behind `npm run bench`. Rejects when it cannot measure. */
export type Bench = (options: BenchOptions) => Promise<BenchResult>;

export interface BenchOptions {
  readonly quick: boolean;
  readonly trivy: TrivyBinary;
  /** For a person who waits. */
  readonly tell: (progress: string) => void;
  readonly signal: AbortSignal;
}

export interface BenchResult {
  /** Ready for JSON. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** The same for a person, the first one being the headings. */
  readonly rows: readonly (readonly string[])[];
}
