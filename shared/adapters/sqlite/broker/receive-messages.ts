import type { Clock } from "../../../ports/clock.ts";
import type { GroupCommit } from "../commit-together.ts";
import type { Database } from "../open-database.ts";
import type { Origin } from "./broker-entities.ts";
import type { ReceiveOptions } from "./broker.ts";
import { lockMessages } from "./lock-messages.ts";
import type { ReceivedMessage } from "./message.ts";
import { nextDueAt } from "./tend-messages.ts";
import type { Waiters } from "./waiters.ts";

export interface ReceiveParts {
  readonly database: Database;
  readonly commits: GroupCommit;
  readonly clock: Clock;
  readonly waiters: Waiters;
  /** Aborted when the broker closes. */
  readonly closing: AbortSignal;
}

/** Waits for a sender's call or for the next instant at which time alone brings a message; it never polls. */
export async function receiveMessages(
  { database, commits, clock, waiters, closing }: ReceiveParts,
  origin: Origin,
  maxMessages: number,
  { waitMs = 0, signal }: ReceiveOptions,
): Promise<readonly ReceivedMessage[]> {
  const ended = () => closing.aborted || signal?.aborted === true;
  const waitsUntil = clock.now().getTime() + waitMs;

  while (!ended()) {
    // Listens before it looks: a message that is sent in between is not missed.
    const waiter = waiters.listen(origin.source.id, signal);
    try {
      const { messages, dueAt } = await commits.transact(() => {
        if (ended()) return { messages: [], dueAt: undefined };
        const locked = lockMessages(database, origin, maxMessages, clock.now().getTime());
        return { messages: locked, dueAt: locked.length === 0 ? nextDueAt(database, origin) : undefined };
      });
      if (messages.length > 0) {
        const deadLetters = origin.source.rules?.deadLetters;
        if (deadLetters) waiters.wake(deadLetters.id);
        return messages;
      }
      const now = clock.now().getTime();
      if (now >= waitsUntil) break;
      await clock.sleep(Math.min(waitsUntil - now, (dueAt ?? Infinity) - now, LONGEST_SLEEP_MS), waiter.signal);
    } finally {
      waiter.stop();
    }
  }
  return [];
}

/** Timers of Node.js end at once when they are longer than 24 days. */
const LONGEST_SLEEP_MS = 60 * 60_000;
