import { RetryLaterError } from "../domain/failure.ts";
import type { DeadLetterFilter, DeadLetters } from "../ports/dead-letters.ts";
import { redriveDeadLetter, type RedriveDeadLetterPorts } from "./redrive-dead-letter.ts";

export interface RedriveDeadLettersPorts extends RedriveDeadLetterPorts {
  readonly deadLetters: Pick<DeadLetters, "list" | "read" | "remove">;
}

export interface RedrivenLetters {
  readonly sent: number;
  /** Each of them stays, with the reason. */
  readonly refused: readonly { readonly id: string; readonly why: string }[];
  /** There are more than one call takes: the cursor to go on with. */
  readonly next?: string | undefined;
}

/** {@link redriveDeadLetter} for the letters that match, newest first, at most so many at a time. */
export const redriveDeadLetters = (ports: RedriveDeadLettersPorts) => {
  const redrive = redriveDeadLetter(ports);
  return async (filter: DeadLetterFilter, cursor?: string): Promise<RedrivenLetters> => {
    const { items, next } = await ports.deadLetters.list(filter, { limit: atATime, cursor });
    let sent = 0;
    const refused: { readonly id: string; readonly why: string }[] = [];
    for (const { id } of items) {
      const end = await redrive(id).catch(refusedForNow);
      if (end.kind === "sent") sent += 1;
      if (end.kind === "refused") refused.push({ id, why: end.why });
    }
    return { sent, refused, next };
  };
};

const atATime = 100;

function refusedForNow(error: unknown) {
  if (error instanceof RetryLaterError) return { kind: "refused", why: error.message } as const;
  throw error;
}
