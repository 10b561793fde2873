import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: makes findings agree with the exemptions that apply now, and announces those that end soon. */
app.timer("reviewExemptions", {
  schedule: "45 */5 * * * *",
  handler: async (_timer, context) => {
    const announced = await host().announceEndings();
    if (announced > 0) context.log(`Announced that ${announced.toString()} exemptions end soon.`);
    const { changed, kind, errors } = await host().reviewExemptions();
    if (changed > 0) context.log(`Exemptions changed the findings of ${changed.toString()} images.`);
    if (kind === "more") context.log("The review of images goes on at the next run.");
    if (errors.length > 0) throw new AggregateError(errors, "Images could not be reviewed; they are tried again.");
  },
});
