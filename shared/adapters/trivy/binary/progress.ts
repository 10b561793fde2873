/** What a person who waits for Trivy is told. */
export interface Progress {
  /** A line that stays. */
  readonly note: (line: string) => void;
  /** The state of the running step, as often as it changes; the receiver shows as much of it as makes sense. */
  readonly update: (state: ProgressState) => void;
  /** The running step is over, or what is printed next comes from someone else. */
  readonly clear: () => void;
}

export interface ProgressState {
  /** As in "building Trivy 0.74.0". A new activity starts a new estimate. */
  readonly activity: string;
  readonly count?: ProgressCount;
}

export interface ProgressCount {
  readonly done: number;
  readonly total: number;
  readonly unit: "bytes" | "modules" | "packages";
}

export const silentProgress: Progress = {
  note: () => undefined,
  update: () => undefined,
  clear: () => undefined,
};
