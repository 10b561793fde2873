import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { parseRegistryEvent } from "../../../shared/messages/registry-event-message.ts";
import { recordings } from "../corpus/fixtures.ts";
import { eventJson } from "../corpus/registry-event-properties.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";
import { jsonOf } from "../corpus/fixtures.ts";

export const target: FuzzTarget = {
  about: "events of Azure Container Registry, in Event Grid and CloudEvents form",
  format: "json",
  open: async () => ({
    corpus: recordings("acr-events", "event"),
    run: (input) =>
      endingOf(() => {
        const event = parseRegistryEvent(jsonOf(input)?.value, "azurecr.io");
        if (event.kind !== "other") eventJson(event);
        else if (event.type.length > 100) throw new Error("The type of another event is not cut.");
      }, [InvalidMessageError]),
  }),
};
