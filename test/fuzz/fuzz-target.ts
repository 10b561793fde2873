/** A parser at the edge, and the real inputs that the fuzzed ones are made from. */
export interface FuzzTarget {
  /** What is parsed, for a person. */
  readonly about: string;
  /** Decides how inputs are changed: by structure and by bytes, or by bytes alone. */
  readonly format: "json" | "yaml" | "text";
  /** Pieces with a meaning in this format, put in here and there. */
  readonly tokens?: readonly string[];
  /** What whoever hands over the input lets through; an Event Grid batch or a request body, 1 MB, when missing. */
  readonly mostBytes?: number;
  readonly open: () => Promise<OpenTarget>;
}

export interface OpenTarget {
  /** Real inputs. Each is tried unchanged as well. */
  readonly corpus: readonly string[];
  /**
   * Resolves to what became of the input. Throwing is a crash, and so is to take longer than a second or to hold on to
   * more than 300 MB.
   */
  readonly run: (input: Uint8Array) => Ending | Promise<Ending>;
  readonly close?: () => Promise<void>;
}

export type Ending =
  | { readonly kind: "accepted" }
  /** `why` is all that a person gets to read about it. */
  | { readonly kind: "refused"; readonly why: string };

export const accepted: Ending = { kind: "accepted" };

type ErrorClass = abstract new (...parameters: never[]) => Error;

/** Refused when one of these errors is thrown, with its message; every other error goes on. */
export async function endingOf(work: () => unknown, refusals: readonly ErrorClass[]): Promise<Ending> {
  try {
    await work();
    return accepted;
  } catch (error) {
    if (error instanceof Error && refusals.some((refusal) => error instanceof refusal))
      return { kind: "refused", why: error.message };
    throw error;
  }
}
