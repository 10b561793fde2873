import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseWalkQuestion, toCoverageJson } from "../shared/messages/api-coverage.ts";
import { parseJson } from "../shared/messages/invalid-message-error.ts";
import { answering, problem } from "./http-answers.ts";

/** GET /api/coverage: the newest report of each registry, and the walk that is on its way. */
app.http("readCoverage", {
  methods: ["GET"],
  authLevel: "function",
  route: "coverage",
  handler: () => answering(async () => ({ jsonBody: { items: (await host().readCoverage()).map(toCoverageJson) } })),
});

/** POST /api/coverage/walks {"registry": "shop.azurecr.io"}: begin a walk now, through all registries when none is named. */
app.http("beginWalks", {
  methods: ["POST"],
  authLevel: "function",
  route: "coverage/walks",
  handler: (request) =>
    answering(async () => {
      const body = await request.text();
      const registry = parseWalkQuestion(body === "" ? {} : parseJson(body, "request body"));
      if (registry !== undefined && !host().registries.includes(registry))
        return problem(400, "It is not among the registries in the settings.");
      const begun = await host().beginWalks(registry === undefined ? host().registries : [registry]);
      return { status: 202, headers: { location: "/api/coverage" }, jsonBody: { items: begun } };
    }),
});
