import type { InvocationContext } from "@azure/functions";
import type { RegistryEvent } from "../shared/domain/registry-event.ts";
import { host } from "../shared/hosts/current-host.ts";
import { InvalidMessageError } from "../shared/messages/invalid-message-error.ts";

/**
 * Accepts an event, or puts it aside with the reason when no retry could help. Either way the sender is done with it;
 * only what may work later is thrown, so that the sender tries again.
 */
export async function acceptOrSetAside(
  source: string,
  raw: unknown,
  context: InvocationContext,
  parse: () => RegistryEvent | undefined,
): Promise<void> {
  const setAside = (reason: string, detail: string) => {
    context.warn("An event was set aside.", { reason, detail });
    return host().addDeadLetter({ source, reason, detail, body: JSON.stringify(raw) });
  };
  let event: RegistryEvent | undefined;
  try {
    event = parse();
  } catch (error) {
    if (error instanceof InvalidMessageError) return setAside("invalid-event", error.message);
    throw error;
  }
  if (event === undefined) return;
  const accepted = await host().acceptRegistryEvent(event);
  if (accepted === "unknownRegistry")
    return setAside("unknown-registry", `${event.registry} is not among the registries in the settings.`);
}
