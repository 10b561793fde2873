import { describe, expect, it } from "vitest";
import {
  parseFindingQuery,
  parseImageQuery,
  parsePageQuery,
  parseScanQuestion,
} from "../../shared/messages/api-requests.ts";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { aDigest } from "../support/samples.ts";

describe("a page", () => {
  it("has a hundred items unless another number is asked for", () => {
    expect(parsePageQuery([])).toEqual({ limit: 100 });
    expect(parsePageQuery(new URLSearchParams("limit=5&cursor=abc"))).toEqual({ limit: 5, cursor: "abc" });
    expect(parsePageQuery(new URLSearchParams("limit=500"))).toEqual({ limit: 500 });
  });

  it.each(["0", "501", "1.5", "many", "", "1e2", "0x1", "-1", " 1"])("is refused with a limit of %j", (limit) => {
    const parse = () => parsePageQuery([["limit", limit]]);

    expect(parse).toThrow(InvalidMessageError);
    expect(parse).toThrow("Not a valid query: limit: expected a whole number from 1 to 500.");
  });

  it("is refused with a cursor that is too long", () => {
    expect(() => parsePageQuery([["cursor", "c".repeat(2001)]])).toThrow(/: cursor: /);
  });
});

describe("a query for images", () => {
  it("holds filter and page", () => {
    const query = "registry=Shop.azurecr.io&repository=team/web&tag=1.0&state=scanned&severity=high&limit=5&cursor=c";

    expect(parseImageQuery(new URLSearchParams(query))).toEqual({
      filter: {
        registry: "shop.azurecr.io",
        repository: "team/web",
        tag: "1.0",
        state: "scanned",
        severity: "high",
      },
      page: { limit: 5, cursor: "c" },
    });
    expect(parseImageQuery([])).toEqual({ filter: {}, page: { limit: 100 } });
  });

  it("may carry the key, as the Functions host allows", () => {
    const query = "code=secret&clientId=default&tag=1.0";

    expect(parseImageQuery(new URLSearchParams(query)).filter).toEqual({ tag: "1.0" });
  });

  it.each([
    ["registry=a b", "registry: expected a registry host such as shop.azurecr.io"],
    ["repository=Team", "repository: expected a repository such as team/web"],
    ["tag=-", "tag: expected a tag such as 1.4.2"],
    ["state=busy", "state: expected one of waiting, scanning, scanned, expanded, unscannable, failed, gone"],
    ["severity=worst", "severity: expected one of unknown, low, medium, high, critical"],
    ["sevrity=high", "sevrity: there are only limit, cursor, registry, repository, tag, state, severity"],
    ["__proto__=x", "__proto__: there are only"],
    ["toString=x", "toString: there are only"],
  ])("is refused with %s rather than answered as if it were not there", (query, detail) => {
    const parse = () => parseImageQuery(new URLSearchParams(query));

    expect(parse).toThrow(InvalidMessageError);
    expect(parse).toThrow(`Not a valid query: ${detail}`);
  });
});

describe("a query for findings", () => {
  it("takes a severity in any letter case, as scanners write it in capitals", () => {
    const { filter } = parseFindingQuery(new URLSearchParams("severity=HIGH&fixable=true"));

    expect(filter).toEqual({ severity: "high", fixable: true });
    expect(parseFindingQuery([["fixable", "false"]]).filter).toEqual({ fixable: false });
  });

  it.each(["yes", "", "1"])("is refused with fixable=%s", (fixable) => {
    expect(() => parseFindingQuery([["fixable", fixable]])).toThrow("fixable: expected one of true, false");
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
    [{ image: "web:1.0" }, /image: expected registry\/repository:tag or registry\/repository@sha256:…/],
    [{ image: 7 }, /image: expected registry\/repository:tag/],
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
