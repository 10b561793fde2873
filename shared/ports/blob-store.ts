/** Files by name: raw reports on their way to become SBOMs, and SBOMs. Names are made of lower case letters, digits, `-`, `.` and `/`. */
export interface BlobStore {
  /** Stores the content of a file, which may be moved away. The second write of a name replaces the first, at once. */
  readonly saveFile: (name: string, file: string) => Promise<void>;
  readonly save: (name: string, content: Uint8Array) => Promise<void>;
  /** Undefined when there is none of that name. */
  readonly read: (name: string) => Promise<Uint8Array | undefined>;
  /** Removing what is not there is done already. */
  readonly remove: (name: string) => Promise<void>;
  /** Names that begin so and were last saved before that instant, in no order. What is saved meanwhile may be missing. */
  readonly list: (prefix: string, savedBefore: Date) => AsyncIterable<string>;
}
