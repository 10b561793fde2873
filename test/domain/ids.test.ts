import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentId } from "../../shared/domain/content-id.ts";
import { findingId } from "../../shared/domain/finding.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import { scanId } from "../../shared/domain/scan-report.ts";
import { scanReasons, scanRequestId, type ScanRequest } from "../../shared/domain/scan-request.ts";
import { aDatabase, aDigest, aFinding, anImage, aScanner } from "../support/samples.ts";

describe("contentId", () => {
  it("keeps apart parts that read the same when put together", () => {
    expect(contentId("a", "bc")).not.toBe(contentId("ab", "c"));
    expect(contentId("a", "")).not.toBe(contentId("a"));
    expect(contentId('a","b')).not.toBe(contentId("a", "b"));
  });

  it("is the same for the same parts, and different for different ones", () => {
    const parts = fc.array(fc.string(), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (some, others) => {
        const same = JSON.stringify(some) === JSON.stringify(others);
        expect(contentId(...some) === contentId(...others)).toBe(same);
      }),
    );
  });

  it("is made of 32 hexadecimal digits, whatever it names", () => {
    fc.assert(fc.property(fc.array(fc.string()), (parts) => /^[0-9a-f]{32}$/.test(contentId(...parts))));
  });

  it("stays what it has always been, since stores are full of it", () => {
    expect(contentId("image", "shop.azurecr.io/team/web")).toBe("ecea3f0c9db0fab03734c7996c191e74");
  });
});

describe("the id of an image", () => {
  it("tells registry, repository and digest apart", () => {
    const images = [
      anImage(),
      anImage({ registry: "other.azurecr.io" }),
      anImage({ repository: "team/api" }),
      anImage({ digest: aDigest("another") }),
    ];

    expect(new Set(images.map(imageId)).size).toBe(4);
    expect(imageId(anImage())).toBe(imageId(anImage()));
  });
});

describe("the id of a scan", () => {
  const scan = { image: anImage(), database: aDatabase, scanner: aScanner };

  it("is the same for the same image, database and scanner, so that a replay is the same write", () => {
    expect(scanId({ ...scan, database: { ...aDatabase, updatedAt: new Date(0) } })).toBe(scanId(scan));
  });

  it.each([
    ["image", { image: anImage({ repository: "team/api" }) }],
    ["database", { database: { ...aDatabase, digest: aDigest("a newer database") } }],
    ["version of the scanner", { scanner: { ...aScanner, version: "0.75.0" } }],
  ])("differs with the %s", (_, change) => {
    expect(scanId({ ...scan, ...change })).not.toBe(scanId(scan));
  });
});

describe("the id of a scan request", () => {
  const request: ScanRequest = {
    image: anImage(),
    reason: "pushed",
    requestedAt: new Date("2026-03-01T08:00:00Z"),
    attempt: 1,
    failures: 0,
  };

  it("is the same for the same request", () => {
    expect(scanRequestId({ ...request, image: anImage() })).toBe(scanRequestId(request));
  });

  it("differs with image, instant and attempt, and for each reason", () => {
    const others: readonly ScanRequest[] = [
      { ...request, image: anImage({ repository: "team/api" }) },
      { ...request, requestedAt: new Date("2026-03-01T08:00:00.001Z") },
      { ...request, attempt: 2 },
      ...scanReasons.map((reason) => ({ ...request, reason })),
    ];

    expect(new Set(others.map(scanRequestId)).size).toBe(others.length);
  });
});

describe("the id of a finding", () => {
  const { package: vulnerable } = aFinding();

  it("says nothing of the image, so the same flaw in two images has one id", () => {
    expect(findingId("CVE-2026-1", vulnerable)).toBe(findingId("CVE-2026-1", { ...vulnerable }));
  });

  it.each([
    ["vulnerability", "CVE-2026-2", {}],
    ["version", "CVE-2026-1", { installedVersion: "9" }],
    ["type of package", "CVE-2026-1", { type: "npm" }],
    ["package URL", "CVE-2026-1", { purl: "pkg:deb/debian/openssl@9" }],
    ["file", "CVE-2026-1", { path: "app/package-lock.json" }],
  ])("differs with the %s", (_, vulnerabilityId, change) => {
    expect(findingId(vulnerabilityId, { ...vulnerable, ...change })).not.toBe(findingId("CVE-2026-1", vulnerable));
  });

  it("differs with the name where there is no package URL", () => {
    const named = (name: string) => findingId("CVE-2026-1", { ...vulnerable, purl: undefined, name });

    expect(named("a")).not.toBe(named("b"));
  });
});
