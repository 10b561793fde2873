import { describe, expect, it } from "vitest";
import { routeTable } from "../../../../shared/hosts/embedded/functions/http/route-table.ts";
import { parseRouteTemplate } from "../../../../shared/hosts/embedded/functions/http/route-template.ts";
import { parseRegisteredFunction } from "../../../../shared/hosts/embedded/functions/registered-function.ts";

const parse = (trigger: object, more: object = {}) =>
  parseRegisteredFunction(
    { metadata: { name: "work", bindings: { input: { direction: "in", ...trigger } }, ...more }, callback: () => 1 },
    { Name: "resolved" },
  );

describe("a registered function", () => {
  it.each([
    [{ type: "serviceBusTrigger", queueName: "%Name%" }, "resolved"],
    [{ type: "serviceBusTrigger", topicName: "t-%Name%", subscriptionName: "s" }, "t-resolved/Subscriptions/s"],
  ])("with the trigger %j listens at %s", (trigger, path) => {
    expect(parse(trigger).trigger).toMatchObject({ kind: "serviceBus", path });
  });

  it.each([
    [{ type: "blobTrigger" }, {}, "it has a trigger of type blobTrigger"],
    [{ type: "blob" }, {}, "it has no trigger"],
    [{ type: "serviceBusTrigger", queueName: "q", isSessionsEnabled: true }, {}, "isSessionsEnabled"],
    [
      { type: "timerTrigger", schedule: "0 0 * * * *" },
      { retryOptions: { maxRetryCount: 1 } },
      "it has a retry policy",
    ],
  ])("with %j %j is refused, saying why", (trigger, more, reason) => {
    expect(() => parse(trigger, more)).toThrow(`The function work cannot run on the embedded host: `);
    expect(() => parse(trigger, more)).toThrow(reason);
  });

  it("with a binding beside its trigger is refused", () => {
    const metadata = {
      name: "work",
      bindings: { input: { type: "eventGridTrigger" }, $return: { type: "serviceBus", direction: "out" } },
    };

    expect(() => parseRegisteredFunction({ metadata, callback: () => 1 }, {})).toThrow(
      "binding $return of type serviceBus",
    );
  });
});

describe("a route", () => {
  it.each(["{a}-{b}", "files.{ext}", "{a=1}", "{a:regex(x)}", "{a:date}", "{a?}/b", "{*a}/b", "{a"])(
    "like %s is refused when the host starts",
    (route) => {
      expect(() => parseRouteTemplate(route)).toThrow(`The route ${route} cannot be used`);
    },
  );

  it.each([
    ["int", "12", "1.5"],
    ["long", "12345678901", "x"],
    ["bool", "TRUE", "1"],
    ["alpha", "abc", "a1"],
    ["guid", "0af76519-16cd-43dd-8448-eb211c80319c", "0af7"],
  ])("with the constraint %s takes %s and not %s", (constraint, good, bad) => {
    const { match } = parseRouteTemplate(`{a:${constraint}}`);

    expect([match([good]), match([bad])]).toEqual([{ a: good }, undefined]);
  });

  const http = (name: string, method: string, route: string) => ({
    name,
    trigger: { kind: "http", route, methods: [method], authLevel: "anonymous" } as const,
    inputName: "i",
    bindings: {},
    callback: () => 1,
    disabled: false,
  });

  it("that two functions share is served by the one with the method", () => {
    const find = routeTable([http("reads", "GET", "x"), http("writes", "PUT", "x")], "api");

    expect([find("GET", "/api/x"), find("PUT", "/api/x"), find("POST", "/api/x")]).toMatchObject([
      { called: { name: "reads" } },
      { called: { name: "writes" } },
      { kind: "methodNotAllowed", allow: ["GET", "HEAD", "PUT"] },
    ]);
  });

  it.each([
    ["Images/{name}", "images/{id}"],
    ["{a:int}", "{b:int}"],
  ])("%s cannot be registered beside %s for the same method", (one, other) => {
    const functions = [http("one", "GET", one), http("other", "GET", other)];

    expect(() => routeTable(functions, "api")).toThrow("The functions one and other are both registered for GET api/");
  });
});
