import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: what was kept long enough is removed. At night, and after the hours at which databases are published. */
app.timer("applyRetention", {
  schedule: "0 30 3 * * *",
  handler: async (_timer, context) => {
    context.log(`Removed what was kept long enough: ${JSON.stringify(await host().applyRetention())}`);
  },
});
