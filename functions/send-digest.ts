import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: the summary of a day or a week, due at 06:00 UTC. Each hour, so that one missed comes late and not never. */
app.timer("sendDigest", {
  schedule: "0 0 * * * *",
  handler: async (_timer, context) => {
    if ((await host().sendDigest()) === "sent") context.log("Sent the digest.");
  },
});
