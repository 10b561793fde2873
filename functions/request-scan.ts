import { app, type HttpResponseInit } from "@azure/functions";
import { DeadLetterError } from "../shared/domain/failure.ts";
import { host } from "../shared/hosts/current-host.ts";
import { parseScanQuestion } from "../shared/messages/api-requests.ts";
import { RegistryAccessError } from "../shared/ports/image-registry.ts";
import { answering, problem, readJson } from "./http-answers.ts";

/** POST /api/scans {"image": "registry/repository:tag" or "registry/repository@sha256:…"}: scan it now. */
app.http("requestScan", {
  methods: ["POST"],
  authLevel: "function",
  route: "scans",
  handler: (request) =>
    answering(async () => {
      const named = parseScanQuestion(await readJson(request));
      try {
        return answer(await host().requestScan(named));
      } catch (error) {
        // The registry is there and lets us not in, or says what no registry says: trying again soon does not help.
        if (error instanceof RegistryAccessError || error instanceof DeadLetterError)
          return problem(502, error.message);
        throw error;
      }
    }),
});

function answer(requested: Awaited<ReturnType<ReturnType<typeof host>["requestScan"]>>): HttpResponseInit {
  switch (requested.kind) {
    case "unknownRegistry":
      return problem(400, "Its registry is not among the registries in the settings.");
    case "noSuchTag":
      return problem(404, "The registry knows no such tag.");
    case "requested":
      return {
        status: 202,
        headers: { location: `/api/images/${requested.image}` },
        jsonBody: { id: requested.image },
      };
  }
}
