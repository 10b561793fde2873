import type { InvocationContext } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { InvalidMessageError } from "../shared/messages/invalid-message-error.ts";

/**
 * Parses a message and handles it, and logs how it ended. One that cannot be parsed is put aside with the reason: its
 * next delivery would be no better. Everything else that is thrown makes the queue deliver it again.
 */
export async function handleMessage<Message>(
  source: string,
  raw: unknown,
  context: InvocationContext,
  parse: (raw: unknown) => Message,
  handle: (message: Message) => Promise<unknown>,
): Promise<void> {
  let message: Message;
  try {
    message = parse(raw);
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    context.error("A message was set aside.", { detail: error.message });
    const body = typeof raw === "string" ? raw : JSON.stringify(raw);
    await host().addDeadLetter({ source, reason: "invalid-message", detail: error.message, body });
    return;
  }
  context.log("Done.", await handle(message));
}
