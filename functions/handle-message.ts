import type { InvocationContext } from "@azure/functions";
import { DeadLetterError, RetryLaterError } from "../shared/domain/failure.ts";
import { host } from "../shared/hosts/current-host.ts";
import { InvalidMessageError } from "../shared/messages/invalid-message-error.ts";
import { keptText } from "../shared/messages/json-text.ts";

export interface MessageHandling<Message> {
  readonly parse: (raw: unknown) => Message;
  /** What the log says of the message. */
  readonly describe: (message: Message) => string;
  readonly handle: (message: Message) => Promise<unknown>;
  /** Where the message came from, and goes again when it may work later. An alert of the topic has none, and comes again at once. */
  readonly queue?: string;
}

/**
 * Parses a message, handles it and logs how it ended. What no delivery could cure is put aside with its reason, what may
 * work later is sent again for later, and everything else that is thrown makes the queue deliver the message again.
 */
export async function handleMessage<Message>(
  raw: unknown,
  context: InvocationContext,
  { parse, describe, handle, queue }: MessageHandling<Message>,
): Promise<void> {
  const source = context.functionName;
  const body = () => (typeof raw === "string" ? raw : keptText(raw));
  try {
    const message = parse(raw);
    context.log(`${describe(message)}: ${JSON.stringify(await handle(message))}`);
  } catch (error) {
    if (error instanceof InvalidMessageError || error instanceof DeadLetterError) {
      const reason = error instanceof DeadLetterError ? error.reason : "invalid-message";
      context.error(`A message was put aside (${reason}): ${error.message}`);
      const origin = queue === undefined ? ({ kind: "alert" } as const) : ({ kind: "queue", queue } as const);
      await host().addDeadLetter({ source, reason, detail: error.message, body: body(), origin });
    } else if (error instanceof RetryLaterError && queue !== undefined) {
      const notBefore = error.notBefore ?? new Date(Date.now() + 60_000);
      context.warn(`A message is tried again at ${notBefore.toISOString()}: ${error.message}`);
      await host().sendAgain(queue, body(), notBefore);
    } else throw error;
  }
}
