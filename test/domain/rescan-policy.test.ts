import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastCheckedAt, lastUsedAt, type ImageRecord, type ImageState } from "../../shared/domain/image-record.ts";
import {
  defaultRescanPolicy,
  dueBounds,
  dueSince,
  nextScanAt,
  type RescanPolicy,
} from "../../shared/domain/rescan-policy.ts";
import { aScanSummary, anImageRecord } from "../support/samples.ts";

const day = 24 * 60 * 60 * 1000;

describe("nextScanAt", () => {
  it("is the instant from which the image is due, and not a millisecond earlier", () => {
    fc.assert(
      fc.property(checkedRecord, policy, (record, rules) => {
        const next = nextScanAt(record, rules);
        if (next === undefined) return;

        expect(isDue(record, rules, next)).toBe(true);
        expect(isDue(record, rules, new Date(next.getTime() - 1))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("is missing only when the image is never due as things stand", () => {
    fc.assert(
      fc.property(checkedRecord, policy, fc.integer({ min: 0, max: 400 * day }), (record, rules, passedMs) => {
        const at = new Date((lastCheckedAt(record)?.getTime() ?? 0) + passedMs);

        if (isDue(record, rules, at)) expect(nextScanAt(record, rules)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it("is after the newest check, also when every run is to rescan everything", () => {
    const record = anImageRecord();

    const next = nextScanAt(record, { inUseDays: 30, rescanDays: 0 });

    expect(next).toEqual(new Date((lastCheckedAt(record)?.getTime() ?? 0) + 1));
  });

  it("is seven days after the scan for an image that was used within thirty", () => {
    const record = anImageRecord({ scan: aScanSummary({ scannedAt: new Date("2026-03-02T10:00:00Z") }) });

    expect(nextScanAt(record, defaultRescanPolicy)).toEqual(new Date("2026-03-09T10:00:00Z"));
  });

  it("is missing for an image that will be out of use by then", () => {
    const scannedAt = new Date("2026-03-31T10:00:00Z");
    const used = (at: string) => anImageRecord({ lastPulledAt: new Date(at), scan: aScanSummary({ scannedAt }) });

    expect(nextScanAt(used("2026-03-08T10:00:00Z"), defaultRescanPolicy)).toEqual(new Date("2026-04-07T10:00:00Z"));
    expect(nextScanAt(used("2026-03-08T09:59:59.999Z"), defaultRescanPolicy)).toBeUndefined();
  });

  it.each(["waiting", "scanning", "expanded", "unscannable", "gone"] as const)(
    "is missing while the image is %s",
    (kind) => {
      expect(nextScanAt(anImageRecord({ state: states[kind] }), defaultRescanPolicy)).toBeUndefined();
    },
  );

  it("counts from the failure when the newest attempt failed", () => {
    const record = anImageRecord({ state: states.failed });

    expect(nextScanAt(record, defaultRescanPolicy)).toEqual(new Date(since.getTime() + 7 * day));
  });
});

describe("dueSince", () => {
  it("is the same whenever it is asked, so that two runs send the same request", () => {
    fc.assert(
      fc.property(checkedRecord, policy, instant, instant, (record, rules, one, other) => {
        expect(dueSince(record, rules, one)).toEqual(dueSince(record, rules, other));
      }),
    );
  });
});

describe("lastUsedAt", () => {
  it("is the later one of push and pull, whichever is known", () => {
    const [early, late] = [new Date("2026-01-01"), new Date("2026-02-01")];
    const used = (lastPushedAt?: Date, lastPulledAt?: Date) =>
      lastUsedAt({ ...anImageRecord(), lastPushedAt, lastPulledAt });

    expect([used(early, late), used(late, early), used(late), used(undefined, late)]).toEqual([late, late, late, late]);
    expect(used()).toBeUndefined();
  });
});

const since = new Date("2026-03-03T00:00:00Z");

const states = {
  waiting: { kind: "waiting", since, reason: "pushed" },
  scanning: { kind: "scanning", since, reason: "due", lease: { holder: "a", message: "b", until: since } },
  expanded: { kind: "expanded", since, manifests: [] },
  unscannable: { kind: "unscannable", since, reason: "windows", detail: "" },
  failed: { kind: "failed", since, failure: "timeout", attempts: 5, detail: "" },
  gone: { kind: "gone", since },
} as const satisfies Partial<Record<ImageState["kind"], ImageState>>;

/** What a store is asked for: see ImageStore.listDue. */
function isDue(record: ImageRecord, rules: RescanPolicy, now: Date): boolean {
  const { usedSince, checkedUntil } = dueBounds(rules, now);
  const [used, checked] = [lastUsedAt(record), lastCheckedAt(record)];
  return used !== undefined && checked !== undefined && used >= usedSince && checked <= checkedUntil;
}

const instant = fc.date({ min: new Date("2026-01-01"), max: new Date("2026-12-31"), noInvalidDate: true });

const checkedRecord = fc
  .record({ checked: instant, used: instant, failed: fc.boolean() })
  .map(({ checked, used, failed }) =>
    anImageRecord({
      state: failed ? { ...states.failed, since: checked } : { kind: "scanned", since: checked },
      scan: aScanSummary({ scannedAt: checked }),
      lastPushedAt: used,
      lastPulledAt: undefined,
    }),
  );

const days = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.double({ min: 0, max: 90, noNaN: true }));
const policy = fc.record({ inUseDays: days, rescanDays: days });
