import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: tells when the vulnerability database has become too old. */
app.timer("watchDatabase", {
  schedule: "0 10 * * * *",
  handler: async (_timer, context) => {
    const watched = await host().watchDatabase();
    if (watched === "told") context.warn("The vulnerability database is too old; subscribers were told.");
  },
});
