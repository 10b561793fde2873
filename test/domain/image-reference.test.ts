import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatImageReference,
  InvalidReferenceError,
  isRegistryHost,
  isRepository,
  isTag,
  parseImageReference,
  parseRegistryHost,
  parseRepository,
  parseTag,
} from "../../shared/domain/image-reference.ts";
import { aDigest } from "../support/samples.ts";
import { digestText, registryText, repositoryText, tagText } from "./reference-texts.ts";

describe("parseImageReference", () => {
  it("reads back what formatImageReference wrote", () => {
    fc.assert(
      fc.property(registryText, repositoryText, digestText, (registry, repository, digest) => {
        const text = `${registry}/${repository}@${digest}`;

        const image = parseImageReference(text);

        expect(image).toEqual({ registry, repository, digest });
        expect(formatImageReference(image)).toBe(text);
      }),
    );
  });

  it("never lets through what could be read as an option, a path upwards or a second argument", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), digestText, (registry, repository, digest) => {
        const text = `${registry}/${repository}@${digest}`;
        try {
          const image = parseImageReference(text);
          expect(formatImageReference(image)).toMatch(
            /^[a-z0-9][a-z0-9.:-]*\/[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}$/,
          );
          expect(image.repository).not.toMatch(/(?:^|\/)\.|\.\./);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidReferenceError);
        }
      }),
    );
  });

  it.each([
    ["no registry", `web@${aDigest()}`],
    ["no digest", "shop.azurecr.io/team/web"],
    ["a tag in its place", "shop.azurecr.io/team/web:1.0"],
    ["a tag and a digest, which say two things at once", `shop.azurecr.io/team/web:1.0@${aDigest()}`],
    ["a repository that climbs", `shop.azurecr.io/../web@${aDigest()}`],
    ["an option for a registry", `--config=x/web@${aDigest()}`],
    ["white space", `shop.azurecr.io/team web@${aDigest()}`],
    ["a line break", `shop.azurecr.io/team\n/web@${aDigest()}`],
    ["a repository of 256 characters", `shop.azurecr.io/${"a".repeat(256)}@${aDigest()}`],
  ])("refuses %s", (_, text) => {
    expect(() => parseImageReference(text)).toThrow(InvalidReferenceError);
  });

  it("refuses a digest that is none", () => {
    expect(() => parseImageReference("shop.azurecr.io/team/web@sha256:beef")).toThrow(InvalidReferenceError);
  });
});

describe("parseRegistryHost", () => {
  it("reads upper case as lower case, as DNS does", () => {
    expect(parseRegistryHost("Shop.AzureCR.io")).toBe("shop.azurecr.io");
  });

  it("accepts every host with and without a port", () => {
    fc.assert(fc.property(registryText, (text) => parseRegistryHost(text) === text && isRegistryHost(text)));
  });

  it.each([
    "",
    "-shop.azurecr.io",
    "shop..io",
    "shop.azurecr.io:",
    "https://shop.azurecr.io",
    "user@shop.azurecr.io",
    "shop.azurecr.io/x",
  ])("refuses %j and says what one looks like", (text) => {
    expect(isRegistryHost(text)).toBe(false);
    expect(() => parseRegistryHost(text)).toThrow(/^Not a registry host: .*for example shop\.azurecr\.io/);
  });
});

describe("parseRepository", () => {
  it("accepts every repository", () => {
    fc.assert(fc.property(repositoryText, (text) => parseRepository(text) === text && isRepository(text)));
  });

  it.each([
    "",
    "Team/web",
    "team//web",
    "/team",
    "team/",
    "team/-web",
    "team/web-",
    "team___web",
    "team..web",
    "a".repeat(256),
  ])("refuses %j", (text) => {
    expect(isRepository(text)).toBe(false);
    expect(() => parseRepository(text)).toThrow(InvalidReferenceError);
  });
});

describe("parseTag", () => {
  it("accepts every tag", () => {
    fc.assert(fc.property(tagText, (text) => parseTag(text) === text && isTag(text)));
  });

  it.each(["", "-1", ".1", "a b", "a/b", "a:b", "a".repeat(129), "a\n"])("refuses %j", (text) => {
    expect(isTag(text)).toBe(false);
    expect(() => parseTag(text)).toThrow(InvalidReferenceError);
  });
});
