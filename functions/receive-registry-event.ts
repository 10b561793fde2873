import { app } from "@azure/functions";
import { acceptOrSetAside } from "./accept-or-set-aside.ts";

/** Event Grid: pushes, imports and deletions in Azure Container Registry. */
app.eventGrid("receiveRegistryEvent", {
  handler: (event, context) => acceptOrSetAside(event, context, "eventGrid"),
});
