import type { InvocationContext } from "@azure/functions";
import { DeadLetterError } from "../shared/domain/failure.ts";
import type { RegistryEvent } from "../shared/domain/registry-event.ts";
import { host } from "../shared/hosts/current-host.ts";
import { InvalidMessageError } from "../shared/messages/invalid-message-error.ts";

/**
 * Accepts an event, or puts it aside with the reason when no retry could help. Either way the sender is done with it;
 * only what may work later is thrown, so that the sender tries again.
 */
export async function acceptOrSetAside(
  raw: unknown,
  context: InvocationContext,
  parse: () => RegistryEvent | undefined,
): Promise<void> {
  try {
    const event = parse();
    if (event === undefined) return;
    const accepted = await host().acceptRegistryEvent(event);
    if (accepted !== "unknownRegistry") return;
    throw new DeadLetterError("unknown-registry", `${event.registry} is not among the registries in the settings.`);
  } catch (error) {
    if (!(error instanceof InvalidMessageError || error instanceof DeadLetterError)) throw error;
    const reason = error instanceof DeadLetterError ? error.reason : "invalid-event";
    context.warn(`An event was put aside (${reason}): ${error.message}`);
    const body = JSON.stringify(raw);
    await host().addDeadLetter({ source: context.functionName, reason, detail: error.message, body });
  }
}
