import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: images in use whose last check is too long ago. */
app.timer("requestDueRescans", {
  schedule: "0 0 * * * *",
  handler: async (_timer, context) => {
    const { requested, recovered } = await host().requestDueRescans();
    context.log(`Requested ${requested.toString()} due rescans.`);
    if (recovered > 0) context.warn(`Asked again for ${recovered.toString()} images that had waited too long.`);
  },
});
