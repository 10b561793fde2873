import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseRegistryEvent } from "../shared/messages/registry-event-message.ts";
import { acceptOrSetAside } from "./accept-or-set-aside.ts";

/** Event Grid: pushes, imports and deletions in Azure Container Registry. */
app.eventGrid("receiveRegistryEvent", {
  handler: (event, context) =>
    acceptOrSetAside(event, context, () => {
      const parsed = parseRegistryEvent(event, host().loginServerSuffix);
      return parsed.kind === "other" ? undefined : parsed;
    }),
});
