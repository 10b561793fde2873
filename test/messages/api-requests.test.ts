import { describe, expect, it } from "vitest";
import { parseImageQuery, parsePage, parseScanQuestion } from "../../shared/messages/api-requests.ts";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { aDigest } from "../support/samples.ts";

describe("a page", () => {
  it("has a hundred items unless another number is asked for", () => {
    expect(parsePage([])).toEqual({ limit: 100 });
    expect(parsePage(new URLSearchParams("limit=5&cursor=abc&tag=1.0"))).toEqual({ limit: 5, cursor: "abc" });
  });

  it.each(["limit=0", "limit=501", "limit=1.5", "limit=many", "limit=", `cursor=${"c".repeat(2001)}`])(
    "is refused with %s, by name",
    (query) => {
      expect(() => parsePage(new URLSearchParams(query))).toThrow(InvalidMessageError);
      expect(() => parsePage(new URLSearchParams(query))).toThrow(/page request: (?:limit|cursor): /);
    },
  );
});

describe("an image filter", () => {
  it("holds what was asked for, and nothing of the page", () => {
    const query = "registry=Shop.azurecr.io&repository=team/web&tag=1.0&state=scanned&severity=high&limit=5&cursor=c";

    expect(parseImageQuery(new URLSearchParams(query))).toEqual({
      registry: "shop.azurecr.io",
      repository: "team/web",
      tag: "1.0",
      state: "scanned",
      severity: "high",
    });
    expect(parseImageQuery([])).toEqual({});
  });

  it.each([
    ["registry=a b", /registry: expected a registry host/],
    ["repository=Team", /repository: expected a repository/],
    ["tag=-", /tag: expected a tag/],
    ["state=busy", /state: /],
    ["severity=HIGH", /severity: /],
    ["sevrity=high", /sevrity/],
  ])("is refused with %s rather than overlooked", (query, names) => {
    expect(() => parseImageQuery(new URLSearchParams(query))).toThrow(InvalidMessageError);
    expect(() => parseImageQuery(new URLSearchParams(query))).toThrow(names);
  });
});

describe("a question for a scan", () => {
  it.each([
    ["shop.azurecr.io/team/web:1.0", { registry: "shop.azurecr.io", repository: "team/web", tag: "1.0" }],
    [`localhost:5000/web@${aDigest()}`, { registry: "localhost:5000", repository: "web", digest: aDigest() }],
    [
      `localhost:5000/web:1.0@${aDigest()}`,
      { registry: "localhost:5000", repository: "web", tag: "1.0", digest: aDigest() },
    ],
  ])("names an image by tag or digest: %s", (image, named) => {
    expect(parseScanQuestion({ image })).toEqual(named);
  });

  it.each<[unknown, RegExp]>([
    [{}, /image: /],
    [{ image: "a".repeat(701) }, /image: /],
    [{ image: "web:1.0" }, /registry: .*repository: /],
    [{ image: "shop.azurecr.io/team/web" }, /name a tag or a digest/],
    [{ image: "shop.azurecr.io/Team:1" }, /repository: /],
    [{ image: "shop.azurecr.io/team:a b" }, /tag: /],
    [{ image: "shop.azurecr.io/team@latest" }, /digest: /],
    [{ image: "--help/x:1" }, /registry: /],
  ])("is refused as %j, by name", (question, names) => {
    expect(() => parseScanQuestion(question)).toThrow(InvalidMessageError);
    expect(() => parseScanQuestion(question)).toThrow(names);
  });
});
