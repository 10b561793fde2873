import { DeadLetterError } from "../domain/failure.ts";
import { parseReceivedEvent, type EventSender } from "../messages/received-event.ts";
import { acceptRegistryEvent, type AcceptedEvent, type AcceptRegistryEventPorts } from "./accept-registry-event.ts";

export interface AcceptReceivedEventPorts extends AcceptRegistryEventPorts {
  readonly loginServerSuffix: string;
}

/** Reads an event as its sender wrote it, and accepts it. Throws InvalidMessageError or DeadLetterError when it never can. */
export const acceptReceivedEvent = (ports: AcceptReceivedEventPorts) => {
  const accept = acceptRegistryEvent(ports);
  return async (raw: unknown, from: EventSender): Promise<AcceptedEvent> => {
    const event = parseReceivedEvent(raw, from, ports.loginServerSuffix);
    if (event === undefined) return "filtered";
    const accepted = await accept(event);
    if (accepted === "unknownRegistry")
      throw new DeadLetterError("unknown-registry", `${event.registry} is not among the registries in the settings.`);
    return accepted;
  };
};
