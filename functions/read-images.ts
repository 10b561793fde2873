import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { whyNoVerdict } from "../shared/messages/api-no-verdict.ts";
import { parseFindingQuery, parseImageQuery, parsePageQuery } from "../shared/messages/api-requests.ts";
import { toAffectedJson, toFindingsJson, toImageJson } from "../shared/messages/api-responses.ts";
import { answering, page, problem } from "./http-answers.ts";

const read = { methods: ["GET" as const], authLevel: "function" as const };
const unknownImage = () => problem(404, "No image with this id is known. GET /api/images lists those that are.");

app.http("listImages", {
  ...read,
  route: "images",
  handler: (request) =>
    answering(async () => {
      const query = parseImageQuery(request.query);
      const { items, next } = await host().listImages(query.filter, query.page);
      return page(request, { items: items.map((image) => toImageJson(image, host().policy)), next });
    }),
});

app.http("readImage", {
  ...read,
  route: "images/{id}",
  handler: ({ params }) =>
    answering(async () => {
      const stored = await host().readImage(params["id"] ?? "");
      return stored === undefined ? unknownImage() : { jsonBody: toImageJson(stored.value, host().policy) };
    }),
});

app.http("readFindings", {
  ...read,
  route: "images/{id}/findings",
  handler: (request) =>
    answering(async () => {
      const query = parseFindingQuery(request.query);
      const found = await host().readFindings(request.params["id"] ?? "");
      if (found === undefined) return unknownImage();
      const why = whyNoVerdict(found.image);
      return why === undefined ? page(request, toFindingsJson(found, query, host().policy)) : problem(409, why);
    }),
});

app.http("listAffectedImages", {
  ...read,
  route: "vulnerabilities/{id}/images",
  handler: (request) =>
    answering(async () => {
      const { items, next } = await host().listAffected(request.params["id"] ?? "", parsePageQuery(request.query));
      return page(request, { items: items.map((affected) => toAffectedJson(affected, host().policy)), next });
    }),
});
