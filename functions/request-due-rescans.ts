import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: images in use whose last check is too long ago. */
app.timer("requestDueRescans", {
  schedule: "0 0 * * * *",
  handler: async (_timer, context) => {
    const { requested } = await host().requestDueRescans();
    context.log("Requested due rescans.", { requested });
  },
});
