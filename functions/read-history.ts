import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { toComparisonJson, toTagJson } from "../shared/messages/api-comparison.ts";
import { parseComparisonQuery, parseTagQuery } from "../shared/messages/api-history-requests.ts";
import { toHistoryJson, toTransitionsJson } from "../shared/messages/api-history.ts";
import { whyNoVerdict } from "../shared/messages/api-no-verdict.ts";
import { parsePageQuery } from "../shared/messages/api-requests.ts";
import { answering, page, problem, unknownImage } from "./http-answers.ts";

const read = { methods: ["GET" as const], authLevel: "function" as const };

app.http("readHistory", {
  ...read,
  route: "images/{id}/history",
  handler: (request) =>
    answering(async () => {
      const found = await host().readHistory(request.params["id"] ?? "", parsePageQuery(request.query));
      if (found === undefined) return unknownImage();
      return page(request, toHistoryJson(found, host().policy));
    }),
});

app.http("readHistoryEntry", {
  ...read,
  route: "images/{id}/history/{entry}",
  handler: (request) =>
    answering(async () => {
      const { id = "", entry = "" } = request.params;
      const query = parsePageQuery(request.query);
      const found = await host().readHistoryEntry(id, entry);
      if (found === undefined) return problem(404, "The history of this image has no such entry.");
      return page(request, toTransitionsJson(found, query));
    }),
});

app.http("compareImages", {
  ...read,
  route: "images/{id}/changes",
  handler: (request) =>
    answering(async () => {
      const query = parseComparisonQuery(request.query);
      const compared = await host().compareDigests(request.params["id"] ?? "", query.since);
      if ("unknown" in compared) return problem(404, `No image with the id ${compared.unknown} is known.`);
      const why = [compared.since, compared.image].map(whyNoVerdict).find((reason) => reason !== undefined);
      return why === undefined
        ? page(request, toComparisonJson(compared, query.page, host().policy))
        : problem(409, why);
    }),
});

app.http("listTaggedImages", {
  ...read,
  route: "tags",
  handler: (request) =>
    answering(async () => {
      const query = parseTagQuery(request.query);
      return page(request, toTagJson(await host().listTaggedImages(query.named, query.page), host().policy));
    }),
});
