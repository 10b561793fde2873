import type { Clock } from "../../../ports/clock.ts";
import { commitTogether } from "../commit-together.ts";
import type { Database } from "../open-database.ts";
import { brokerEntities, type Origin, type Source, type Target } from "./broker-entities.ts";
import { BrokerClosedError } from "./broker-errors.ts";
import type { Broker } from "./broker.ts";
import { countMessages, countScheduled, peekMessages } from "./browse-messages.ts";
import type { EntityDeclarations } from "./entities.ts";
import { checkLimits } from "./message-limits.ts";
import type { LockedMessage, OutgoingMessage } from "./message.ts";
import { receiveMessages } from "./receive-messages.ts";
import { cancelScheduledMessage, sendMessages } from "./send-messages.ts";
import { abandonMessage, completeMessage, moveToDeadLetters, renewMessageLock } from "./settle-message.ts";
import { recoverMessages } from "./tend-messages.ts";
import { createWaiters } from "./waiters.ts";

/** The broker on a database that it has for itself and closes at the end. */
export function brokerOn(database: Database, clock: Clock, declarations: EntityDeclarations): Broker {
  const entities = database.transaction(() => {
    const known = brokerEntities(declarations, database);
    recoverMessages(database, known.sources);
    return known;
  });
  const commits = commitTogether(database);
  const waiters = createWaiters();
  const closing = new AbortController();

  const transact = async <T>(work: (now: number) => T): Promise<T> => {
    if (closing.signal.aborted) throw new BrokerClosedError();
    return await commits.transact(() => work(clock.now().getTime()));
  };
  const send = async (target: Target, messages: readonly OutgoingMessage[]) => {
    checkLimits(messages);
    const numbers = await transact((now) => sendMessages(database, target, messages, now));
    for (const { source } of target.destinations) wakeBoth(source);
    return numbers;
  };
  const settle = async (lock: LockedMessage, work: (source: Source, now: number) => boolean) => {
    const { source } = entities.origin(lock.entityPath);
    return (await transact((now) => work(source, now))) ? "settled" : "lockLost";
  };
  const giveBack = async (lock: LockedMessage, work: (source: Source, now: number) => boolean) => {
    const end = await settle(lock, work);
    if (end === "settled") wakeBoth(entities.origin(lock.entityPath).source);
    return end;
  };
  const wakeBoth = ({ id, rules }: Source) => {
    waiters.wake(id);
    if (rules) waiters.wake(rules.deadLetters.id);
  };

  return {
    send: async (path, messages) => {
      await send(entities.target(path), messages);
    },
    schedule: async (path, messages, at) =>
      await send(
        entities.target(path),
        messages.map((message) => ({ ...message, scheduledEnqueueAt: at })),
      ),
    cancelScheduled: async (path, sequenceNumber) => {
      const target = entities.target(path);
      return await transact((now) => cancelScheduledMessage(database, target, sequenceNumber, now));
    },
    receive: async (path, maxMessages, options = {}) => {
      if (closing.signal.aborted) throw new BrokerClosedError();
      const parts = { database, commits, clock, waiters, closing: closing.signal };
      return await receiveMessages(parts, entities.origin(path), atLeastOne(maxMessages), options);
    },
    peek: async (path, options = {}) => {
      const origin = entities.origin(path);
      return await transact((now) => peekMessages(database, origin, options, now));
    },
    complete: async (lock) => await settle(lock, (source, now) => completeMessage(database, source, lock, now)),
    abandon: async (lock, properties) =>
      await giveBack(lock, (source, now) => abandonMessage(database, source, lock, now, properties)),
    deadLetter: async (lock, options) =>
      await giveBack(lock, (source, now) => moveToDeadLetters(database, source, lock, now, options)),
    renewLock: async (lock) => {
      const { source } = entities.origin(lock.entityPath);
      return (await transact((now) => renewMessageLock(database, source, lock, now))) ?? "lockLost";
    },
    counts: async (path) => {
      const counted = entities.counted(path);
      return await transact((now) =>
        isOrigin(counted) ? countMessages(database, counted, now) : countScheduled(database, counted, now),
      );
    },
    close: async () => {
      closing.abort();
      waiters.wakeAll();
      commits.flush();
      database.close();
    },
  };
}

function isOrigin(counted: Origin | Target): counted is Origin {
  return "source" in counted;
}

function atLeastOne(maxMessages: number): number {
  if (Number.isSafeInteger(maxMessages) && maxMessages > 0) return maxMessages;
  throw new RangeError(`maxMessages has to be a whole number above 0, not ${maxMessages}.`);
}
