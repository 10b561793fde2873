/** Where a thread writes how far it is: the parent can read it even when the thread hangs or is gone. */
export interface ThreadBoard {
  readonly memory: SharedArrayBuffer;
  /** Number of the input that is tried; {@link notStarted} before the first. */
  readonly input: () => number;
  readonly counts: () => { readonly accepted: number; readonly refused: number };
  readonly begin: (input: number) => void;
  readonly count: (kind: "accepted" | "refused") => void;
}

export const boardBytes = 12;

export const notStarted = -1;

/** @param memory zeros, or what another board has written into it */
export function threadBoard(memory: SharedArrayBuffer): ThreadBoard {
  const places = new Int32Array(memory);
  return {
    memory,
    input: () => Atomics.load(places, 0) + notStarted,
    counts: () => ({ accepted: Atomics.load(places, 1), refused: Atomics.load(places, 2) }),
    begin: (input) => void Atomics.store(places, 0, input - notStarted),
    count: (kind) => void Atomics.add(places, kind === "accepted" ? 1 : 2, 1),
  };
}
