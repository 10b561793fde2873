import { app, type HttpRequest, type HttpResponseInit } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { toPastFindingsJson } from "../shared/messages/api-history.ts";
import { whyNoVerdict } from "../shared/messages/api-no-verdict.ts";
import { parseFindingQuery, parseImageQuery, parsePageQuery } from "../shared/messages/api-requests.ts";
import { toAffectedJson, toFindingsJson, toImageJson } from "../shared/messages/api-responses.ts";
import { answering, page, problem, unknownImage } from "./http-answers.ts";

const read = { methods: ["GET" as const], authLevel: "function" as const };

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
      const { at, ...query } = parseFindingQuery(request.query);
      const id = request.params["id"] ?? "";
      if (at !== undefined) return findingsAt(request, id, { at, ...query });
      const found = await host().readFindings(id);
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

async function findingsAt(
  request: HttpRequest,
  id: string,
  query: ReturnType<typeof parseFindingQuery> & { readonly at: Date },
): Promise<HttpResponseInit> {
  const past = await host().readPastFindings(id, query.at);
  switch (past.kind) {
    case "unknownImage":
      return unknownImage();
    case "nothingKnown":
      return problem(
        404,
        past.beginsAt === undefined
          ? "Nothing has become known of this image's vulnerabilities yet."
          : `Nothing was known of this image's vulnerabilities then: its history begins at ${past.beginsAt.toISOString()}.`,
      );
    case "known":
      return page(request, toPastFindingsJson(past, query, host().policy));
  }
}
