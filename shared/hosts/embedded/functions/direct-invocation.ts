import { randomUUID } from "node:crypto";
import type { ReceivedMessage } from "../../../adapters/sqlite/broker/message.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { FunctionCall, FunctionInvoker } from "./function-invoker.ts";
import type { FunctionsHost } from "./functions-host.ts";
import type { RegisteredFunction, ServiceBusTrigger } from "./registered-function.ts";
import type { RpcTypedData } from "./rpc.ts";
import { serviceBusCall } from "./service-bus-call.ts";
import { timerInput } from "./timer-input.ts";
import { parseTimerSchedule } from "./timer-schedule.ts";

/** Runs a function now, disabled or not, apart from its trigger: no lock, no schedule, no retry. */
export function directInvocation(options: {
  readonly functions: readonly RegisteredFunction[];
  readonly invoker: FunctionInvoker;
  readonly clock: Pick<Clock, "now">;
}): FunctionsHost["invoke"] {
  const { functions, invoker, clock } = options;
  return async (name, input) => {
    const called = functions.find((each) => each.name === name);
    if (called === undefined) throw new Error(`There is no function ${name}.`);
    const call = toCall(called, input, clock.now());
    return fromRpc(await invoker.invoke(called, { invocationId: randomUUID(), ...call }));
  };
}

function toCall({ name, trigger }: RegisteredFunction, input: unknown, now: Date): Omit<FunctionCall, "invocationId"> {
  switch (trigger.kind) {
    case "timer": {
      const schedule = parseTimerSchedule(trigger.schedule);
      return { data: timerInput({ schedule, status: undefined, isPastDue: false }) };
    }
    case "serviceBus":
      return serviceBusCall(trigger, [messageOf(trigger, toText(input), now)]);
    case "eventGrid":
      return { data: { json: toJsonText(input) } };
    case "http":
      throw new Error(`${name} is an HTTP function: send it a request.`);
  }
}

/** An event may be given as its text. A text that is no JSON is an event all the same, and the function says what it is not. */
function toJsonText(input: unknown): string {
  const text = toText(input);
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

const toText = (input: unknown) => (typeof input === "string" ? input : JSON.stringify(input ?? null));

const messageOf = (trigger: ServiceBusTrigger, body: string, now: Date): ReceivedMessage => ({
  entityPath: trigger.path,
  sequenceNumber: 0,
  messageId: randomUUID(),
  body,
  applicationProperties: {},
  deliveryCount: 1,
  enqueuedAt: now,
  lockToken: randomUUID(),
  lockedUntil: now,
});

function fromRpc(data: RpcTypedData | null | undefined): unknown {
  if (data?.json !== undefined) return JSON.parse(data.json);
  return data?.string ?? data?.bytes ?? data?.int ?? data?.double;
}
