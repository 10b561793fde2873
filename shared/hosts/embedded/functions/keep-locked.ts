import type { MessageReceiver } from "../../../adapters/sqlite/broker/broker.ts";
import type { ReceivedMessage } from "../../../adapters/sqlite/broker/message.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import { errorFields } from "./function-invoker.ts";

/** Renews the lock each time half of it is over, until the signal or the given instant. Never rejects. */
export async function keepLocked(
  message: ReceivedMessage,
  options: {
    readonly broker: Pick<MessageReceiver, "renewLock">;
    readonly clock: Clock;
    readonly log: Log;
    readonly until: Date;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { broker, clock, log, until, signal } = options;
  const fields = { path: message.entityPath, messageId: message.messageId };
  let lockedUntil = message.lockedUntil;
  try {
    for (;;) {
      const leftMs = lockedUntil.getTime() - clock.now().getTime();
      await clock.sleep(Math.max(leftMs / 2, shortestWaitMs), signal);
      if (signal.aborted || clock.now() >= until) return;
      const renewed = await broker.renewLock(message);
      if (renewed === "lockLost") {
        log.warn("A lock was lost while its function runs", fields);
        return;
      }
      lockedUntil = renewed;
    }
  } catch (error) {
    log.error("A lock could not be renewed", { ...fields, ...errorFields(error) });
  }
}

const shortestWaitMs = 50;
