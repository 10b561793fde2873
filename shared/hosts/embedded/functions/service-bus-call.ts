import type { ReceivedMessage } from "../../../adapters/sqlite/broker/message.ts";
import type { ServiceBusTrigger } from "./registered-function.ts";
import type { FunctionCall } from "./function-invoker.ts";
import type { RpcTypedData } from "./rpc.ts";

/**
 * The input and the metadata as the Service Bus extension passes them (ServiceBusTriggerBindingStrategy.cs). Text
 * travels as it is and becomes an object when it is JSON; that is also true of a messageId like "123".
 */
export function serviceBusCall(
  trigger: Pick<ServiceBusTrigger, "many" | "binary">,
  messages: readonly ReceivedMessage[],
): Omit<FunctionCall, "invocationId"> {
  const [message] = messages;
  if (trigger.many || message === undefined) {
    const data = { collectionString: { string: messages.map(({ body }) => body) } };
    return { data, triggerMetadata: batchMetadata(messages.map(messageMetadata)) };
  }
  return {
    data: trigger.binary ? { bytes: Buffer.from(message.body) } : { string: message.body },
    triggerMetadata: Object.fromEntries(
      Object.entries(messageMetadata(message)).map(([name, value]) => [name, toRpc(value)]),
    ),
    trace: { traceparent: message.applicationProperties["Diagnostic-Id"] },
  };
}

function messageMetadata(message: ReceivedMessage): Record<string, unknown> {
  const { enqueuedAt, expiresAt, subject } = message;
  const applicationProperties = { ...message.applicationProperties, ...deathOf(message) };
  return {
    MessageId: message.messageId,
    DeliveryCount: message.deliveryCount,
    EnqueuedTime: enqueuedAt,
    EnqueuedTimeUtc: enqueuedAt,
    ExpiresAt: expiresAt ?? neverExpires,
    ExpiresAtUtc: expiresAt ?? neverExpires,
    SequenceNumber: message.sequenceNumber,
    LockToken: message.lockToken,
    ContentType: message.contentType,
    CorrelationId: message.correlationId,
    Subject: subject,
    Label: subject,
    To: message.to,
    ApplicationProperties: applicationProperties,
    UserProperties: applicationProperties,
  };
}

/** Service Bus says in two application properties why a message is in a dead-letter queue. */
function deathOf({ deadLetterReason, deadLetterErrorDescription }: ReceivedMessage): Record<string, string> {
  return {
    ...(deadLetterReason !== undefined && { DeadLetterReason: deadLetterReason }),
    ...(deadLetterErrorDescription !== undefined && { DeadLetterErrorDescription: deadLetterErrorDescription }),
  };
}

/** With cardinality "many" each name ends in Array and holds one value per message. */
function batchMetadata(all: readonly Record<string, unknown>[]): Record<string, RpcTypedData> {
  const names = Object.keys(all[0] ?? {});
  return Object.fromEntries(names.map((name) => [`${name}Array`, toRpc(all.map((each) => each[name] ?? null))]));
}

/** A value that is missing arrives as undefined. */
const toRpc = (value: unknown): RpcTypedData =>
  value === undefined ? {} : typeof value === "string" ? { string: value } : { json: JSON.stringify(value) };

/** What .NET's SDK says of a message without an end. */
const neverExpires = "9999-12-31T23:59:59.9999999Z";
