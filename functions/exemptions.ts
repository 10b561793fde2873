import { app, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { exemptionsPage, parseCondition, toExemptionJson } from "../shared/messages/api-exemptions.ts";
import { parsePageQuery } from "../shared/messages/api-requests.ts";
import { parseExemption } from "../shared/messages/exemption-file.ts";
import { parseVexDocument } from "../shared/messages/openvex.ts";
import { answering, page, problem, readJson, unknownImage } from "./http-answers.ts";

const key = "function" as const;
const unknownExemption = () =>
  problem(404, "There is no exemption with this id. GET /api/exemptions lists those that are.");
const inFile = () => problem(409, "This exemption is in a reviewed file, and is changed there.");
const changedMeanwhile = () =>
  problem(409, "It is not the one that you read any more. Read it again, and then decide.");

app.http("listExemptions", {
  methods: ["GET"],
  authLevel: key,
  route: "exemptions",
  handler: (request) =>
    answering(async () => {
      const { all } = await host().currentExemptions();
      const { items, next } = exemptionsPage(all, parsePageQuery(request.query));
      const problems = await host().exemptionProblems();
      const now = host().now();
      return page(request, {
        items: items.map((each) => toExemptionJson(each, now)),
        next,
        ...(problems.length > 0 && { problems }),
      });
    }),
});

app.http("readExemption", {
  methods: ["GET"],
  authLevel: key,
  route: "exemptions/{id}",
  handler: ({ params }) =>
    answering(async () => {
      const found = await host().findExemption(params["id"] ?? "");
      if (found === undefined) return unknownExemption();
      return {
        jsonBody: toExemptionJson(found.exemption, host().now()),
        ...(found.kept !== undefined && { headers: { etag: found.kept.etag } }),
      };
    }),
});

app.http("putExemption", {
  methods: ["PUT"],
  authLevel: key,
  route: "exemptions/{id}",
  handler: (request, context) =>
    answering(async () => {
      const now = host().now();
      const exemption = parseExemption(request.params["id"] ?? "", await readJson(request), now);
      const put = await host().putExemption(exemption, parseCondition(request.headers));
      if (put.kind === "refused") return put.why === "inFile" ? inFile() : changedMeanwhile();
      await reviewSoon(context);
      return {
        status: put.kind === "created" ? 201 : 200,
        headers: { etag: put.etag },
        jsonBody: toExemptionJson(put.exemption, now),
      };
    }),
});

app.http("removeExemption", {
  methods: ["DELETE"],
  authLevel: key,
  route: "exemptions/{id}",
  handler: (request, context) =>
    answering(async (): Promise<HttpResponseInit> => {
      const ended = await host().removeExemption(request.params["id"] ?? "", parseCondition(request.headers));
      if (ended === "unknown") return unknownExemption();
      if (ended === "inFile") return inFile();
      if (ended === "conflict") return changedMeanwhile();
      await reviewSoon(context);
      return { status: 204 };
    }),
});

app.http("acceptVex", {
  methods: ["POST"],
  authLevel: key,
  route: "vex",
  handler: (request, context) =>
    answering(async () => {
      const read = parseVexDocument(await readJson(request));
      await host().acceptVex(read);
      await reviewSoon(context);
      return {
        jsonBody: { document: read.document, exemptions: read.exemptions.map(({ id }) => id), ignored: read.ignored },
      };
    }),
});

app.http("writeVex", {
  methods: ["GET"],
  authLevel: key,
  route: "images/{id}/vex",
  handler: ({ params }) =>
    answering(async () => {
      const document = await host().writeVex(params["id"] ?? "");
      return document === undefined ? unknownImage() : { jsonBody: document };
    }),
});

/** The change is stored; what is not reviewed within a moment is left to the timer. */
async function reviewSoon(context: InvocationContext): Promise<void> {
  try {
    await host().reviewExemptions(2000);
  } catch (error) {
    context.warn(`Images are reviewed by the timer: ${error instanceof Error ? error.message : String(error)}`);
  }
}
