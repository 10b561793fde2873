import { randomUUID } from "node:crypto";
import type { MessageReceiver, ReceiveOptions } from "../../../adapters/sqlite/broker/broker.ts";
import { BrokerClosedError } from "../../../adapters/sqlite/broker/broker-errors.ts";
import type { ReceivedMessage } from "../../../adapters/sqlite/broker/message.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import { errorFields, type FunctionInvoker } from "./function-invoker.ts";
import type { HostSettings } from "./host-settings.ts";
import { keepLocked } from "./keep-locked.ts";
import type { RegisteredFunction, ServiceBusTrigger } from "./registered-function.ts";
import { serviceBusCall } from "./service-bus-call.ts";

/** What the Service Bus triggers need of a broker. */
export type MessageBroker = Pick<MessageReceiver, "receive" | "complete" | "abandon" | "renewLock">;

export interface ServiceBusListening {
  readonly broker: MessageBroker;
  readonly invoker: FunctionInvoker;
  readonly settings: Pick<HostSettings, "maxConcurrentCalls" | "maxAutoLockRenewalMs" | "maxMessageBatchSize">;
  readonly clock: Clock;
  readonly log: Log;
  /** No further message is taken after this. */
  readonly stopping: AbortSignal;
  /** Messages of functions that still run are given back after this. */
  readonly givingUp: AbortSignal;
}

/**
 * Calls the function for each message, as many at a time as host.json says; with cardinality "many" for a batch at a
 * time. Completes what succeeds and abandons what fails. Resolves when the last message has been settled after
 * `stopping`.
 */
export async function listenToServiceBus(
  called: RegisteredFunction<ServiceBusTrigger>,
  listening: ServiceBusListening,
): Promise<void> {
  const { broker, settings, clock, log, stopping } = listening;
  const { path, many } = called.trigger;
  const calls = many ? 1 : settings.maxConcurrentCalls;
  const options: ReceiveOptions = { waitMs: longWaitMs, signal: stopping };
  const running = new Set<Promise<void>>();
  while (!stopping.aborted) {
    try {
      // One receiver for all calls: each one that waits costs the broker a look at every message that comes.
      const messages = await broker.receive(path, many ? settings.maxMessageBatchSize : calls - running.size, options);
      for (const together of many ? [messages] : messages.map((message) => [message])) {
        const call = callFor(called, together, listening).finally(() => running.delete(call));
        running.add(call);
      }
    } catch (error) {
      if (error instanceof BrokerClosedError) break;
      log.error("Messages could not be received", { function: called.name, path, ...errorFields(error) });
      await clock.sleep(retryMs, stopping);
    }
    if (running.size === calls) await Promise.race(running);
  }
  await Promise.all(running);
}

const longWaitMs = 3_600_000;
const retryMs = 5000;

async function callFor(
  called: RegisteredFunction<ServiceBusTrigger>,
  messages: readonly ReceivedMessage[],
  listening: ServiceBusListening,
): Promise<void> {
  const { broker, invoker, settings, clock, log, givingUp } = listening;
  const fields = { function: called.name, path: called.trigger.path };
  const ended = new AbortController();
  const until = new Date(clock.now().getTime() + settings.maxAutoLockRenewalMs);
  for (const message of messages) {
    void keepLocked(message, { broker, clock, log, until, signal: ended.signal });
  }
  let settle = broker.complete;
  try {
    const call = { invocationId: randomUUID(), ...serviceBusCall(called.trigger, messages) };
    await Promise.race([invoker.invoke(called, call), rejectionAt(givingUp, ended.signal)]);
  } catch {
    settle = broker.abandon;
  } finally {
    ended.abort();
  }
  for (const message of messages) {
    const { messageId } = message;
    try {
      if ((await settle(message)) === "settled") continue;
      log.warn("A message lost its lock before its function ended; it comes again", { ...fields, messageId });
    } catch (error) {
      log.error("A message could not be settled; it comes again", { ...fields, messageId, ...errorFields(error) });
    }
  }
}

async function rejectionAt(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new Error("The host stops."));
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true, signal: ended });
  return promise;
}
