import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRescanPolicy } from "../../shared/domain/rescan-policy.ts";
import { toAffectedJson, toFindingsJson, toImageJson } from "../../shared/messages/api-responses.ts";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { aFinding, aScanSummary, anImageRecord, manyFindings } from "../support/samples.ts";

const policy = defaultRescanPolicy;

describe("an image in JSON", () => {
  it("says what it is, in which state, and when it is looked at next", () => {
    const record = anImageRecord();

    expect(toJson(toImageJson(record, policy))).toMatchObject({
      id: record.id,
      image: `shop.azurecr.io/team/web@${record.image.digest}`,
      registry: "shop.azurecr.io",
      repository: "team/web",
      platform: "linux/arm64/v8",
      state: { kind: "scanned" },
      lastUsedAt: "2026-03-02T09:30:00.000Z",
      lastCheckedAt: "2026-03-02T10:00:00.000Z",
      nextScanAt: "2026-03-09T10:00:00.000Z",
    });
  });

  it("leaves out what is not known", () => {
    const record = anImageRecord({ platform: undefined, scan: undefined, lastPulledAt: undefined });

    const json = toJson(toImageJson(record, policy));

    expect(json).not.toHaveProperty("platform");
    expect(json).not.toHaveProperty("scan");
    expect(json).not.toHaveProperty("nextScanAt");
  });

  it("keeps to itself who holds the lease", () => {
    const since = new Date("2026-03-02T10:00:00Z");
    const lease = { holder: "a-holder", request: "a-request", until: since };
    const record = anImageRecord({ state: { kind: "scanning", since, reason: "due", lease } });

    const json = toJson(toImageJson(record, policy));

    expect(json).toMatchObject({ state: { kind: "scanning", reason: "due" } });
    expect(JSON.stringify(json)).not.toMatch(/a-holder|a-request/);
  });
});

describe("the findings of an image", () => {
  it("come in pages that together are all of them, each once", () => {
    fc.assert(
      fc.property(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 10 }), (count, limit) => {
        const image = anImageRecord();
        const findings = manyFindings(count);

        const pages = [toFindingsJson({ image, findings }, { limit }, policy)];
        for (let next = pages.at(-1)?.next; next !== undefined; next = pages.at(-1)?.next)
          pages.push(toFindingsJson({ image, findings }, { limit, cursor: next }, policy));

        expect(pages.flatMap(({ items }) => items)).toEqual(findings);
        expect(pages.every(({ items }) => items.length <= limit)).toBe(true);
      }),
    );
  });

  it("are not mixed from two scans: the cursor of an older scan is refused", () => {
    const findings = manyFindings(3);
    const { next } = toFindingsJson({ image: anImageRecord(), findings }, { limit: 1 }, policy);
    const rescanned = anImageRecord({ scan: aScanSummary({ id: "another" }) });

    const read = () => toFindingsJson({ image: rescanned, findings }, { limit: 1, cursor: next }, policy);

    expect(read).toThrow(InvalidMessageError);
    expect(read).toThrow(/scanned again/);
  });

  it.each(["", "x", ".5", `${aScanSummary().id}.`, `${aScanSummary().id}.-1`, `${aScanSummary().id}.99999999`])(
    "are not read with the cursor %j",
    (cursor) => {
      const read = () => toFindingsJson({ image: anImageRecord(), findings: [] }, { limit: 1, cursor }, policy);

      expect(read).toThrow(InvalidMessageError);
    },
  );
});

it("an affected image comes with the findings that make it so", () => {
  const affected = toAffectedJson({ image: anImageRecord(), findings: [aFinding()] }, policy);

  expect(affected).toEqual({ image: toImageJson(anImageRecord(), policy), findings: [aFinding()] });
});

function toJson(value: object): object {
  const json: unknown = JSON.parse(JSON.stringify(value));
  if (typeof json !== "object" || json === null) throw new Error("Not an object.");
  return json;
}
