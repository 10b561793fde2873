import { MessageRefusedError } from "./broker-errors.ts";
import type { OutgoingMessage } from "./message.ts";
import type { Content } from "./stored-message.ts";

/** Refuses what Service Bus Standard would refuse, so that a pipeline that runs here also runs there. */
export function checkLimits(messages: readonly OutgoingMessage[]): void {
  let total = 0;
  for (const message of messages) {
    checkForm(message);
    total += Buffer.byteLength(message.body) + checkedPropertyBytes(message);
  }
  if (total > MESSAGE_BYTES) {
    const what = messages.length === 1 ? "The message has" : `The ${messages.length} messages have together`;
    const advice = messages.length === 1 ? "store the content and send its name" : "send fewer at once";
    throw new MessageRefusedError(
      "messageSizeExceeded",
      `${what} ${total} bytes with properties, more than the ${MESSAGE_BYTES} allowed; ${advice}.`,
    );
  }
}

/** Apart from the body, because application properties may grow later: when a message is abandoned with new ones. */
export function checkedPropertyBytes(message: Partial<Content>): number {
  const { messageId, contentType, subject, correlationId, to, applicationProperties = {} } = message;
  let total = 0;
  const count = (name: string, value: string | number | boolean) => {
    const bytes = name.length + Buffer.byteLength(String(value));
    if (bytes > ONE_PROPERTY_BYTES) throw tooLarge(`The property "${name}" has ${bytes} bytes`, ONE_PROPERTY_BYTES);
    total += bytes;
  };
  for (const [name, value] of Object.entries({ messageId, contentType, subject, correlationId, to })) {
    if (value !== undefined) count(name, value);
  }
  for (const [name, value] of Object.entries(applicationProperties)) {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw invalid(`The application property "${name}" is ${value}; numbers have to be finite.`);
    }
    count(name, value);
  }
  if (total > ALL_PROPERTIES_BYTES)
    throw tooLarge(`The message's properties have ${total} bytes`, ALL_PROPERTIES_BYTES);
  return total;
}

/** Service Bus quotas, Standard tier. */
const MESSAGE_BYTES = 256 * 1024;
const ONE_PROPERTY_BYTES = 32 * 1024;
const ALL_PROPERTIES_BYTES = 64 * 1024;
const MESSAGE_ID_CHARACTERS = 128;

function checkForm({ messageId, timeToLiveMs, scheduledEnqueueAt }: OutgoingMessage): void {
  if (messageId !== undefined && messageId.length > MESSAGE_ID_CHARACTERS) {
    throw new MessageRefusedError(
      "messageIdTooLong",
      `The message id has ${messageId.length} characters, more than the ${MESSAGE_ID_CHARACTERS} allowed; hash it.`,
    );
  }
  if (messageId === "") throw invalid("The message id is empty; leave it out to get a random one.");
  if (timeToLiveMs !== undefined && !(timeToLiveMs > 0)) throw invalid("timeToLiveMs has to be above 0.");
  if (scheduledEnqueueAt && Number.isNaN(scheduledEnqueueAt.getTime())) {
    throw invalid("scheduledEnqueueAt is not a valid date.");
  }
}

function invalid(text: string): MessageRefusedError {
  return new MessageRefusedError("invalidMessage", text);
}

function tooLarge(what: string, allowed: number): MessageRefusedError {
  return new MessageRefusedError("propertiesSizeExceeded", `${what}, more than the ${allowed} allowed.`);
}
