import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseScanQuestion } from "../shared/messages/api-requests.ts";
import { answering, badRequest, notFound, readJson } from "./http-answers.ts";

/** POST /api/scans {"image": "registry/repository:tag" or "registry/repository@sha256:…"}: scan it now. */
app.http("requestScan", {
  methods: ["POST"],
  authLevel: "function",
  route: "scans",
  handler: (request) =>
    answering(async () => {
      const requested = await host().requestScan(parseScanQuestion(await readJson(request)));
      switch (requested.kind) {
        case "unknownRegistry":
          return badRequest("Its registry is not among the registries in the settings.");
        case "noSuchTag":
          return notFound("The registry knows no such tag.");
        case "requested":
          return {
            status: 202,
            headers: { location: `/api/images/${requested.image}` },
            jsonBody: { image: requested.image },
          };
      }
    }),
});
