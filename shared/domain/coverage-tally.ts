import { earlier } from "./earlier.ts";
import { lastCheckedAt, type ImageRecord } from "./image-record.ts";
import { failureClasses, unscannableReasons } from "./scan-outcome.ts";

/** Manifests on record, each counted in the one state in which the walk passed it. */
export interface Tally {
  readonly known: number;
  /** What is missing is 0. */
  readonly states: Readonly<Partial<Record<CoverageState, number>>>;
  /** Of those known: the registry said that they are not there. Each is looked at again before it counts as gone. */
  readonly missing: number;
  /** Of those known: the registry refused to say whether they are there. */
  readonly unreadable: number;
  /** The image whose last check is longest ago, of those that can be checked. */
  readonly oldestCheckAt?: Date | undefined;
}

/** `waiting` includes those that are being scanned, `leftOut` all that the filters leave out now. */
export const coverageStates = [
  "waiting",
  "scanned",
  "expanded",
  "gone",
  "leftOut",
  ...unscannableReasons.map((reason) => `unscannable.${reason}` as const),
  ...failureClasses.map((failure) => `failed.${failure}` as const),
] as const;

export type CoverageState = (typeof coverageStates)[number];

export const noManifests: Tally = { known: 0, states: {}, missing: 0, unreadable: 0 };

/** What the registry said of a manifest on record. */
export type Presence = "there" | "missing" | "unreadable" | "notAsked";

/** The tally of one manifest. */
export function tallyOf(record: ImageRecord, presence: Presence, isWatched: boolean): Tally {
  return {
    known: 1,
    states: { [isWatched ? coverageState(record) : "leftOut"]: 1 },
    missing: Number(presence === "missing"),
    unreadable: Number(presence === "unreadable"),
    oldestCheckAt: isWatched && record.state.kind !== "gone" ? lastCheckedAt(record) : undefined,
  };
}

function coverageState({ state }: ImageRecord): CoverageState {
  switch (state.kind) {
    case "scanning":
      return "waiting";
    case "unscannable":
      return `unscannable.${state.reason}`;
    case "failed":
      return `failed.${state.failure}`;
    case "waiting":
    case "scanned":
    case "expanded":
    case "gone":
      return state.kind;
  }
}

export function addTallies(one: Tally, other: Tally): Tally {
  const states = { ...one.states };
  for (const state of coverageStates) {
    const sum = (one.states[state] ?? 0) + (other.states[state] ?? 0);
    if (sum > 0) states[state] = sum;
  }
  return {
    known: one.known + other.known,
    states,
    missing: one.missing + other.missing,
    unreadable: one.unreadable + other.unreadable,
    oldestCheckAt: earlier(one.oldestCheckAt, other.oldestCheckAt),
  };
}

export function sumOfStates({ states }: Tally): number {
  return Object.values(states).reduce((total, count) => total + count, 0);
}
