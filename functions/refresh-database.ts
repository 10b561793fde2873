import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: a newer vulnerability database, as soon as there is one. Publishers write one every six hours. */
app.timer("refreshDatabase", {
  schedule: "0 */15 * * * *",
  handler: async (_timer, context) => {
    const outcome = await host().refreshDatabase();
    if (outcome.kind === "unavailable")
      context.warn(`No source of the vulnerability database answered: ${outcome.detail}`);
    else context.log(`The vulnerability database is ${outcome.kind}: ${outcome.database.updatedAt.toISOString()}.`);
  },
});
