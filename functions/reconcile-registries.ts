import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** Timer: begins a walk through each registry when it is due, and goes on with one that is not finished. */
app.timer("reconcileRegistries", {
  schedule: "15 * * * * *",
  handler: async (_timer, context) => {
    const failures: unknown[] = [];
    for (const walked of await host().reconcileRegistries()) {
      if (walked.kind === "finished") {
        const { manifests, discovered } = walked.report;
        context.log(`Walked ${walked.registry}: ${manifests.known} manifests on record, ${discovered} discovered.`);
      } else if (walked.kind === "waits") context.warn(`The walk through ${walked.registry} waits: ${walked.why}`);
      else if (walked.kind === "failed") failures.push(walked.error);
    }
    if (failures.length > 0) throw new AggregateError(failures, "A walk through a registry failed; it is tried again.");
  },
});
