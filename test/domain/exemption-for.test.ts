import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { exemptionFor, exemptionsFor } from "../../shared/domain/exemption-for.ts";
import { imageScope, isOfFinding, type ExemptedImage, type GlobMatcher } from "../../shared/domain/exemption-scope.ts";
import type { Exemption, ExemptionScope } from "../../shared/domain/exemption.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { aDigest, aFinding, anImage } from "../support/samples.ts";

const now = new Date("2026-03-02T10:00:00Z");
const globs: GlobMatcher = (glob) => {
  const matches = picomatch(glob, { dot: true });
  return (text) => matches(text);
};

describe("an exemption applies", () => {
  const purl = "pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12.5";
  const finding = aFinding({
    vulnerabilityId: "CVE-2026-1",
    aliases: ["GHSA-abcd-efgh-ijkm"],
    package: { name: "openssl", installedVersion: "3.0.11-1~deb12u2", type: "debian", purl },
  });
  const image: ExemptedImage = {
    image: anImage({ registry: "shop.azurecr.io", repository: "team/web", digest: aDigest("web") }),
    platform: { os: "linux", architecture: "arm64", variant: "v8" },
    indexes: [aDigest("an index")],
  };

  it.each<[ExemptionScope, boolean]>([
    [{ vulnerability: "cve-2026-1" }, true],
    [{ vulnerability: "GHSA-ABCD-EFGH-IJKM" }, true],
    [{ vulnerability: "CVE-2026-10" }, false],
    [{ package: "openssl" }, true],
    [{ package: "openss" }, false],
    [{ package: "pkg:deb/debian/openssl" }, true],
    [{ package: "pkg:deb/debian/openssl@3.0.11-1~deb12u2" }, true],
    [{ package: "pkg:deb/debian/openssl@3.0.11-1%7Edeb12u2?distro=debian-12.5" }, true],
    [{ package: "pkg:deb/debian/openssl@3.0.11" }, false],
    [{ package: "pkg:deb/debian/openssl?arch=arm64" }, false],
    [{ package: "pkg:rpm/debian/openssl" }, false],
    [{ repository: "team/*" }, true],
    [{ repository: "*" }, false],
    [{ repository: "**" }, true],
    [{ repository: "shop.azurecr.io/team/*" }, true],
    [{ repository: "*.azurecr.io/**" }, true],
    [{ repository: "other.azurecr.io/**" }, false],
    [{ digest: aDigest("web") }, true],
    [{ digest: aDigest("an index") }, true],
    [{ digest: aDigest("other") }, false],
    [{ platform: "linux/arm64" }, true],
    [{ platform: "linux/arm64/v8" }, true],
    [{ platform: "linux/arm64/v7" }, false],
    [{ platform: "linux/amd64" }, false],
    [{ vulnerability: "CVE-2026-1", package: "curl" }, false],
  ])("with the scope %j: %s", (scope, applies) => {
    const applied = exemptionFor(finding, image, [anExemption({ scope })], now, globs);

    expect(applied).toEqual(applies ? { id: "e", since: now } : undefined);
  });

  it("until its end, and not at it", () => {
    const until = new Date(now.getTime() + 1);
    const applied = exemptionsFor([anExemption({ until })], globs);

    expect(applied(image, now)(finding)).toEqual({ id: "e", since: now, until });
    expect(applied(image, until)(finding)).toBeUndefined();
  });

  it("before others that end sooner, and else by id", () => {
    const ends = [undefined, 9, 5].map((day) => day && new Date(`2026-04-0${day.toString()}`));
    const all = ends.flatMap((until, index) =>
      ["b", "a"].map((id) => anExemption({ id: `${id}${index.toString()}`, until: until || undefined })),
    );

    const ids = [all, all.slice(2), all.slice(4)].map((some) => exemptionFor(finding, image, some, now, globs)?.id);

    expect(ids).toEqual(["a0", "a1", "a2"]);
  });
});

describe("for any exemptions, findings and images", () => {
  it("a further condition never makes a scope wider", () => {
    fc.assert(
      fc.property(scopes, scopes, findings, images, (scope, more, finding, image) => {
        const wide = matches(scope, finding, image);
        const narrow = matches({ ...more, ...scope }, finding, image);

        expect(narrow && !wide).toBe(false);
      }),
    );
  });

  it("the index finds what looking at each exemption finds", () => {
    fc.assert(
      fc.property(fc.array(scopes, { maxLength: 8 }), findings, images, (some, finding, image) => {
        const exemptions = some.map((scope, index) => anExemption({ id: `e${index.toString()}`, scope }));

        const applied = exemptionsFor(exemptions, globs)(image, now)(finding);

        expect(applied?.id).toBe(exemptions.find(({ scope }) => matches(scope, finding, image))?.id);
      }),
    );
  });
});

it("is quick for 5,000 exemptions and 20,000 findings", () => {
  const exemptions = Array.from({ length: 5000 }, (_, n) =>
    anExemption({
      id: `e${n.toString()}`,
      scope:
        n % 2 === 0
          ? { vulnerability: `CVE-2026-${n.toString()}` }
          : { package: `p${n.toString()}`, repository: "team/*" },
    }),
  );
  const many = Array.from({ length: 20_000 }, (_, n) => aFinding({ vulnerabilityId: `CVE-2026-${n.toString()}` }));
  const begun = performance.now();

  const applied = exemptionsFor(exemptions, globs)({ image: anImage() }, now);
  const exempted = many.filter((finding) => applied(finding) !== undefined).length;

  expect(exempted).toBe(2500);
  expect(performance.now() - begun).toBeLessThan(3000);
});

function matches(scope: ExemptionScope, finding: Finding, image: ExemptedImage): boolean {
  return imageScope(scope, globs)(image) && isOfFinding(scope, finding);
}

function anExemption(changes: Partial<Exemption> = {}): Exemption {
  return {
    id: "e",
    scope: { vulnerability: "CVE-2026-1" },
    owner: "team",
    reason: "because",
    source: "file",
    ...changes,
  };
}

const names = fc.constantFrom("CVE-2026-1", "cve-2026-1", "GHSA-aaaa-bbbb-cccc", "CVE-2026-2");
const packages = fc.constantFrom(
  "openssl",
  "curl",
  "pkg:deb/debian/openssl",
  "pkg:deb/debian/curl@1?arch=amd64",
  "pkg:deb/debian/curl@2",
);
const scopes: fc.Arbitrary<ExemptionScope> = fc.record(
  {
    vulnerability: names,
    package: packages,
    repository: fc.constantFrom("**", "team/*", "*", "shop.azurecr.io/**", "other.io/**"),
    digest: fc.constantFrom(aDigest("a"), aDigest("b")),
    platform: fc.constantFrom("linux/arm64", "linux/arm64/v8", "linux/amd64"),
  },
  { requiredKeys: [] },
);
const findings = fc
  .record({
    vulnerabilityId: names,
    aliases: fc.array(names, { maxLength: 2 }),
    name: fc.constantFrom("openssl", "curl"),
    purl: fc.option(
      packages.filter((text) => text.startsWith("pkg:")),
      { nil: undefined },
    ),
  })
  .map(({ vulnerabilityId, aliases, name, purl }) =>
    aFinding({ vulnerabilityId, aliases, package: { name, installedVersion: "1", type: "debian", purl } }),
  );
const images: fc.Arbitrary<ExemptedImage> = fc.record({
  image: fc
    .constantFrom("team/web", "web")
    .chain((repository) => fc.constantFrom("a", "b").map((text) => anImage({ repository, digest: aDigest(text) }))),
  platform: fc.constantFrom(
    undefined,
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64", variant: "v8" },
  ),
});
