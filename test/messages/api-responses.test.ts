import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRescanPolicy } from "../../shared/domain/rescan-policy.ts";
import type { FindingFilter } from "../../shared/messages/api-requests.ts";
import { toAffectedJson, toFindingsJson, toImageJson } from "../../shared/messages/api-responses.ts";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { aScanSummary, aTrackedFinding, anImageRecord, manyFindings, tracked } from "../support/samples.ts";

const policy = defaultRescanPolicy;

describe("an image in JSON", () => {
  it("says what it is, in which state, and when it is looked at next", () => {
    const record = anImageRecord();

    expect(toJson(toImageJson(record, policy))).toMatchObject({
      id: record.id,
      reference: `shop.azurecr.io/team/web@${record.image.digest}`,
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

  it("keeps to itself who holds the lease, and how attempts are counted", () => {
    const since = new Date("2026-03-02T10:00:00Z");
    const lease = { holder: "a-holder", message: "a-message", until: since };
    const putOff = { failure: "timeout", detail: "It took too long.", attempts: 2, failures: 1, until: since } as const;
    const scanning = anImageRecord({ state: { kind: "scanning", since, reason: "due", lease } });
    const waiting = anImageRecord({ state: { kind: "waiting", since, reason: "due", putOff } });

    expect(toJson(toImageJson(scanning, policy))).toMatchObject({
      state: { kind: "scanning", since: "2026-03-02T10:00:00.000Z", reason: "due" },
    });
    expect(toJson(toImageJson(waiting, policy))).toMatchObject({
      state: { kind: "waiting", reason: "due", putOff: { failure: "timeout", attempts: 2 } },
    });
    for (const record of [scanning, waiting])
      expect(JSON.stringify(toImageJson(record, policy))).not.toMatch(/lease|a-holder|a-message|failures/);
  });
});

describe("an image that cannot be judged any more", () => {
  const state = { kind: "unscannable", since: new Date(0), reason: "windows", detail: "No advisories." } as const;

  it("has no counts of the time when it could", () => {
    const record = anImageRecord({ state });

    expect(toJson(toImageJson(record, policy))).not.toHaveProperty("scan");
    expect(toJson(toImageJson(anImageRecord(), policy))).toHaveProperty("scan.counts");
  });
});

describe("the findings of an image", () => {
  it("can be narrowed to what is severe, and to what has a fix", () => {
    const findings = [
      aTrackedFinding({ vulnerabilityId: "CVE-1", severity: "critical", fixedVersion: undefined }),
      aTrackedFinding({ vulnerabilityId: "CVE-2", severity: "high", fixedVersion: "2.0" }),
      aTrackedFinding({ vulnerabilityId: "CVE-3", severity: "low", fixedVersion: "2.0" }),
    ];
    const ids = (filter: FindingFilter) =>
      toFindingsJson({ image: anImageRecord(), findings }, { filter, page: { limit: 10 } }, policy).items.map(
        ({ vulnerabilityId }) => vulnerabilityId,
      );

    expect(ids({ severity: "high" })).toEqual(["CVE-1", "CVE-2"]);
    expect(ids({ fixable: true })).toEqual(["CVE-2", "CVE-3"]);
    expect(ids({ fixable: false })).toEqual(["CVE-1"]);
    expect(ids({ severity: "high", fixable: true })).toEqual(["CVE-2"]);
  });

  it("are the open ones, unless those that have ended are asked for", () => {
    const firstSeenAt = new Date("2026-03-01T08:00:00Z");
    const exemption = { id: "not-reachable", since: firstSeenAt };
    const ended = { kind: "retracted", at: new Date("2026-03-03"), lastSeenAt: new Date("2026-03-02") } as const;
    const findings = [
      aTrackedFinding({ vulnerabilityId: "CVE-1", firstSeenAt }),
      aTrackedFinding({ vulnerabilityId: "CVE-2", firstSeenAt, exemption }),
      aTrackedFinding({ vulnerabilityId: "CVE-3", firstSeenAt, ended }),
    ];
    const shown = (filter: FindingFilter) =>
      toFindingsJson({ image: anImageRecord(), findings }, { filter, page: { limit: 10 } }, policy).items;

    expect(shown({})).toMatchObject([
      { vulnerabilityId: "CVE-1", firstSeenAt, lastSeenAt: aScanSummary().scannedAt },
      { vulnerabilityId: "CVE-2", exemption },
    ]);
    expect(shown({ exempted: true })).toMatchObject([{ vulnerabilityId: "CVE-2" }]);
    expect(shown({ exempted: false })).toMatchObject([{ vulnerabilityId: "CVE-1" }]);
    expect(shown({ ended: true })).toMatchObject([
      {
        vulnerabilityId: "CVE-3",
        firstSeenAt,
        lastSeenAt: ended.lastSeenAt,
        resolvedAt: ended.at,
        resolution: "retracted",
      },
    ]);
    expect(shown({ ended: true })[0]).not.toHaveProperty("ended");
  });

  it("are paged by their place in the scan, so a page may be asked for with another filter", () => {
    const findings = [...tracked(manyFindings(3, { severity: "low" })), aTrackedFinding({ severity: "high" })];
    const image = anImageRecord();
    const { next: cursor } = toFindingsJson({ image, findings }, { filter: {}, page: { limit: 2 } }, policy);

    const severe = toFindingsJson(
      { image, findings },
      { filter: { severity: "high" }, page: { limit: 2, cursor } },
      policy,
    );

    expect(severe.items.map(({ id }) => id)).toEqual([findings[3]?.id]);
    expect(severe.next).toBeUndefined();
  });

  it("come in pages that together are all of them, each once", () => {
    fc.assert(
      fc.property(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 10 }), (count, limit) => {
        const image = anImageRecord();
        const findings = tracked(manyFindings(count));

        const pages = [toFindingsJson({ image, findings }, { filter: {}, page: { limit } }, policy)];
        for (let cursor = pages.at(-1)?.next; cursor !== undefined; cursor = pages.at(-1)?.next)
          pages.push(toFindingsJson({ image, findings }, { filter: {}, page: { limit, cursor } }, policy));

        expect(pages.flatMap(({ items }) => items).map(({ id }) => id)).toEqual(findings.map(({ id }) => id));
        expect(pages.every(({ items }) => items.length <= limit)).toBe(true);
      }),
    );
  });

  it("are not mixed from two scans: the cursor of an older scan is refused", () => {
    const findings = tracked(manyFindings(3));
    const first = { filter: {}, page: { limit: 1 } };
    const { next: cursor } = toFindingsJson({ image: anImageRecord(), findings }, first, policy);
    const rescanned = anImageRecord({ scan: aScanSummary({ id: "another" }) });

    const read = () =>
      toFindingsJson({ image: rescanned, findings }, { filter: {}, page: { limit: 1, cursor } }, policy);

    expect(read).toThrow(InvalidMessageError);
    expect(read).toThrow(/scanned again/);
  });

  it.each(["", "x", ".5", `${aScanSummary().id}.`, `${aScanSummary().id}.-1`, `${aScanSummary().id}.99999999`])(
    "are not read with the cursor %j",
    (cursor) => {
      const query = { filter: {}, page: { limit: 1, cursor } };

      const read = () => toFindingsJson({ image: anImageRecord(), findings: [] }, query, policy);

      expect(read).toThrow(InvalidMessageError);
    },
  );
});

it("an affected image comes with the findings that make it so", () => {
  const finding = aTrackedFinding();
  const image = anImageRecord();

  const affected = toAffectedJson({ image, findings: [finding] }, policy);

  expect(affected).toEqual({
    image: toImageJson(image, policy),
    findings: [{ ...finding, lastSeenAt: image.scan?.scannedAt }],
  });
});

function toJson(value: object): object {
  const json: unknown = JSON.parse(JSON.stringify(value));
  if (typeof json !== "object" || json === null) throw new Error("Not an object.");
  return json;
}
