import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseImageQuery, parsePage } from "../shared/messages/api-requests.ts";
import { toAffectedJson, toFindingsJson, toImageJson } from "../shared/messages/api-responses.ts";
import { answering, notFound } from "./http-answers.ts";

const read = { methods: ["GET" as const], authLevel: "function" as const };
const unknownImage = "No image with this id is known. GET /api/images lists those that are.";

app.http("listImages", {
  ...read,
  route: "images",
  handler: (request) =>
    answering(async () => {
      const { items, next } = await host().listImages(parseImageQuery(request.query), parsePage(request.query));
      return { jsonBody: { items: items.map((image) => toImageJson(image, host().policy)), next } };
    }),
});

app.http("readImage", {
  ...read,
  route: "images/{id}",
  handler: async ({ params }) => {
    const stored = await host().readImage(params["id"] ?? "");
    return stored === undefined ? notFound(unknownImage) : { jsonBody: toImageJson(stored.value, host().policy) };
  },
});

app.http("readFindings", {
  ...read,
  route: "images/{id}/findings",
  handler: (request) =>
    answering(async () => {
      const page = parsePage(request.query);
      const found = await host().readFindings(request.params["id"] ?? "");
      return found === undefined ? notFound(unknownImage) : { jsonBody: toFindingsJson(found, page, host().policy) };
    }),
});

app.http("listAffectedImages", {
  ...read,
  route: "vulnerabilities/{id}/images",
  handler: (request) =>
    answering(async () => {
      const { items, next } = await host().listAffected(request.params["id"] ?? "", parsePage(request.query));
      return { jsonBody: { items: items.map((affected) => toAffectedJson(affected, host().policy)), next } };
    }),
});
