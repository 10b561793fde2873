/** Where messages and events go that no retry can cure, so that nothing is lost and a person can look. */
export interface DeadLetters {
  /** The same source, reason and body twice is one. The body is kept up to 64 KiB. */
  readonly add: (letter: DeadLetter) => Promise<void>;
}

export interface DeadLetter {
  /** Function that could not go on. */
  readonly source: string;
  /** Short stable code: invalid-event, unknown-registry, … */
  readonly reason: string;
  /** A sentence for a person. */
  readonly detail: string;
  readonly body: string;
}
