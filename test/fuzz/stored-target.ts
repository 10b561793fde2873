import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { UnreadableDocumentError } from "../../shared/messages/stored-document.ts";
import { jsonOf } from "./corpus/fixtures.ts";
import { endingOfAny } from "./ending-of-any.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

/** A kind of document that the store holds. */
export interface StoredKind {
  /** As they are stored. */
  readonly samples: readonly unknown[];
  /** Reads a document, which is a value or its bytes, and makes it ready to be stored again. */
  readonly comeBack: (document: unknown, bytes: Uint8Array) => unknown;
}

/** Every document is given to the readers of all kinds; one that is taken must stay the same when it is stored again. */
export function storedTarget(about: string, kinds: readonly StoredKind[]): FuzzTarget {
  return {
    about,
    format: "json",
    open: async () => ({
      corpus: kinds.flatMap(({ samples }) => samples).map((sample) => JSON.stringify(sample)),
      run: async (input) => {
        const document = jsonOf(input)?.value;
        const works = kinds.map((kind) => () => check(kind, document, input));
        return endingOfAny(works, [UnreadableDocumentError, InvalidMessageError], input);
      },
    }),
  };
}

function check({ comeBack }: StoredKind, document: unknown, bytes: Uint8Array): void {
  const text = JSON.stringify(comeBack(document, bytes));
  if (JSON.stringify(comeBack(JSON.parse(text), Buffer.from(text))) !== text)
    throw new Error("It comes back as another one.");
}
