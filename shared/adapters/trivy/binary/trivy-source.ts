import type { Progress } from "./progress.ts";
import type { TrivyPin } from "./trivy-pin.ts";

/** A place that Trivy comes from. It leaves the file in the work directory, or says why it could not. */
export type TrivySource = (
  options: SourceOptions,
) => Promise<{ readonly kind: "got"; readonly file: string } | { readonly kind: "not"; readonly reason: string }>;

export interface GetOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cacheDirectory: string;
  readonly pin: TrivyPin;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly freeBytes: (directory: string) => Promise<number>;
}

export interface SourceOptions extends GetOptions {
  /** Exists; survives an interruption. */
  readonly workDirectory: string;
}
