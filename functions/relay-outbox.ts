import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: what was committed and, for a crash in between, not yet told; and what waited for other platforms in vain. */
app.timer("relayOutbox", {
  schedule: "30 * * * * *",
  handler: async (_timer, context) => {
    await host().tellHeld();
    const published = await host().relayOutbox();
    if (published > 0) context.log(`Published ${published.toString()} entries that an interrupted scan had left.`);
  },
});
