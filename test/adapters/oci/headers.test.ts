import { describe, expect, it } from "vitest";

import { parseChallenges } from "../../../shared/adapters/oci/challenge.ts";
import type { Answer } from "../../../shared/adapters/oci/exchange.ts";
import { nextPath } from "../../../shared/adapters/oci/listing.ts";
import { redirectTarget } from "../../../shared/adapters/oci/redirect.ts";
import { registryOrigin } from "../../../shared/adapters/oci/registry-address.ts";
import { parseRetryAfter } from "../../../shared/adapters/oci/retry-after.ts";
import { parseRegistryHost } from "../../../shared/domain/image-reference.ts";

describe("parseChallenges", () => {
  const parse = (header: string | null) =>
    parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

  it("reads a registry's Bearer challenge, commas inside quotes included", () => {
    const header =
      'Bearer realm="https://shop.azurecr.io/oauth2/token",service="shop.azurecr.io",scope="repository:web:pull,push"';

    expect(parse(header)).toEqual([
      [
        "bearer",
        {
          realm: "https://shop.azurecr.io/oauth2/token",
          service: "shop.azurecr.io",
          scope: "repository:web:pull,push",
        },
      ],
    ]);
  });

  it("tells several challenges in one header apart", () => {
    expect(parse('Negotiate YWJj==, Basic realm="a b" , bearer Realm = "x\\"y", charset=UTF-8,Other')).toEqual([
      ["negotiate", {}],
      ["basic", { realm: "a b" }],
      ["bearer", { realm: 'x"y', charset: "UTF-8" }],
      ["other", {}],
    ]);
  });

  it.each([null, "", ",", '"', "=", 'Bearer realm="open'])("makes nothing up from %j", (header) => {
    expect(parseChallenges(header).flatMap(({ parameters }) => [...parameters])).toEqual([]);
  });
});

describe("parseRetryAfter", () => {
  const now = new Date("2026-01-02T03:04:05Z");

  it.each([
    ["30", "2026-01-02T03:04:35.000Z"],
    ["Fri, 02 Jan 2026 03:05:00 GMT", "2026-01-02T03:05:00.000Z"],
    ["Fri, 02 Jan 2026 03:00:00 GMT", "2026-01-02T03:04:05.000Z"],
    ["999999", "2026-01-02T04:04:05.000Z"],
  ])("understands %j", (header, expected) => {
    expect(parseRetryAfter(header, now)?.toISOString()).toBe(expected);
  });

  it.each([null, "", "soon"])("leaves %j to the caller's own back-off", (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});

describe("redirectTarget", () => {
  const from = new URL("https://shop.azurecr.io/v2/web/blobs/x");

  it.each([
    ["https://store.blob.core.windows.net/x?sig=1", "https://store.blob.core.windows.net/x?sig=1"],
    ["/elsewhere", "https://shop.azurecr.io/elsewhere"],
    ["//10.0.0.4/x", "https://10.0.0.4/x"],
  ])("follows %j", (location, expected) => {
    expect(redirectTarget(from, location)?.href).toBe(expected);
  });

  it.each([
    "http://shop.azurecr.io/x",
    "ftp://host/x",
    "file:///etc/passwd",
    "https://user:pw@host/x",
    "https://",
    null,
  ])("does not follow %j", (location) => {
    expect(redirectTarget(from, location)).toBeUndefined();
  });
});

describe("nextPath", () => {
  const answer = (link: string, fromOrigin = true): Answer => ({
    status: 200,
    headers: new Headers(link === "" ? {} : { link }),
    content: new Uint8Array(),
    url: new URL("https://shop.azurecr.io/v2/_catalog?n=2"),
    fromOrigin,
  });

  it.each([
    ['</v2/_catalog?last=b&n=2>; rel="next"', "/v2/_catalog?last=b&n=2"],
    ["<https://shop.azurecr.io/v2/_catalog?last=b>;rel=next", "/v2/_catalog?last=b"],
    ['</first>; rel="prev", </second>; title="x"; rel="next"', "/second"],
    ['</first>; rel="prev"', undefined],
    ["", undefined],
  ])("finds the next page in %j", (link, expected) => {
    expect(nextPath(answer(link))).toBe(expected);
  });

  it.each([
    "<https://evil.example/v2/>; rel=next",
    "<http://shop.azurecr.io/v2/>; rel=next",
    "</v2/_catalog?n=2>; rel=next",
  ])("refuses %j", (link) => {
    expect(() => nextPath(answer(link))).toThrow(expect.objectContaining({ reason: "registry-protocol" }));
  });
});

describe("registryOrigin", () => {
  it.each([
    ["shop.azurecr.io", ["localhost"], "https://shop.azurecr.io"],
    ["localhost:5000", ["localhost"], "http://localhost:5000"],
    ["localhost:5000", ["localhost:5000"], "http://localhost:5000"],
    ["localhost:5000", ["localhost:5001"], "https://localhost:5000"],
    ["localhost.evil.example:5000", ["localhost"], "https://localhost.evil.example:5000"],
  ])("speaks to %s, with %j insecure, at %s", (host, insecure, expected) => {
    expect(registryOrigin(parseRegistryHost(host), insecure).origin).toBe(expected);
  });
});
