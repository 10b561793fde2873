import { app, type HttpResponseInit } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseDeadLetterQuery, parseDropQuestion, parseRedriveQuestion } from "../shared/messages/api-dead-letters.ts";
import { answering, page, problem, readJson } from "./http-answers.ts";

const authLevel = "function";
const unknownLetter = () =>
  problem(404, "No dead letter with this id is there (any more). GET /api/dead-letters lists those that are.");

app.http("listDeadLetters", {
  methods: ["GET"],
  authLevel,
  route: "dead-letters",
  handler: (request) =>
    answering(async () => {
      const query = parseDeadLetterQuery(request.query);
      const { items, next } = await host().listDeadLetters(query.filter, query.page);
      return page(request, { items, next });
    }),
});

app.http("readDeadLetter", {
  methods: ["GET"],
  authLevel,
  route: "dead-letters/{id}",
  handler: ({ params }) =>
    answering(async () => {
      const letter = await host().readDeadLetter(params["id"] ?? "");
      return letter === undefined ? unknownLetter() : { jsonBody: letter.value };
    }),
});

app.http("redriveDeadLetter", {
  methods: ["POST"],
  authLevel,
  route: "dead-letters/{id}/redrive",
  handler: ({ params }) =>
    answering(async (): Promise<HttpResponseInit> => {
      const end = await host().redriveDeadLetter(params["id"] ?? "");
      switch (end.kind) {
        case "sent":
          return { status: 202, jsonBody: { sent: 1 } };
        case "unknown":
          return unknownLetter();
        case "refused":
          return problem(409, end.why);
      }
    }),
});

app.http("redriveDeadLetters", {
  methods: ["POST"],
  authLevel,
  route: "dead-letters/redrive",
  handler: (request) =>
    answering(async () => {
      const { filter, cursor } = parseRedriveQuestion(await readJson(request));
      return { status: 202, jsonBody: await host().redriveDeadLetters(filter, cursor) };
    }),
});

app.http("dropDeadLetter", {
  methods: ["DELETE"],
  authLevel,
  route: "dead-letters/{id}",
  handler: (request) =>
    answering(async (): Promise<HttpResponseInit> => {
      const because = parseDropQuestion(await readJson(request));
      switch (await host().dropDeadLetter(request.params["id"] ?? "", because)) {
        case "dropped":
          return { status: 204 };
        case "unknown":
          return unknownLetter();
        case "changed":
          return problem(409, "It came again just now. Look at it once more before you drop it.");
      }
    }),
});
