import { describe, expect, it } from "vitest";
import { decideExemptionAlerts, decideScanAlerts, decideStateAlerts } from "../../shared/domain/decide-alerts.ts";
import type { FindingChange } from "../../shared/domain/finding-changes.ts";
import { afterWaiting, heldFor, waitsUntil } from "../../shared/domain/held-for.ts";
import type { ImageRecord, ScanSummary } from "../../shared/domain/image-record.ts";
import { parseTag } from "../../shared/domain/image-reference.ts";
import type { AlertEntry } from "../../shared/domain/outbox-entry.ts";
import { aDigest, aFinding, anAlertEntry, anImageRecord, aScanSummary } from "../support/samples.ts";

const pushedAt = new Date("2026-03-02T10:00:00.000Z");
const moment = after(9_999);
const tenSeconds = after(10_000);
const opened: readonly FindingChange[] = [{ kind: "opened", finding: aFinding() }];

describe("what is held to be told with other platforms", () => {
  const record = aRecord({ indexes: [aDigest("older"), aDigest("newer")], tags: [parseTag("1.0")] });
  const newest = { kind: "forIndex", index: aDigest("newer") };

  it("is what a push brought to a platform of an index, for the newest index, tagged or not, and however late", () => {
    expect(heldFor(record, told(opened, "pushed"), moment)).toEqual(newest);
    expect(heldFor(record, told([], "pushed"), after(3_600_000))).toEqual(newest);
  });

  it("is nothing else: answers, rescans, exemptions and bad endings go out at once", () => {
    for (const image of [record, aRecord()]) {
      const failed = { kind: "failed", since: pushedAt, failure: "timeout", attempts: 5, detail: "" } as const;
      const exempted = decideExemptionAlerts(image, aScanSummary(), opened, { id: "entry", at: pushedAt });

      expect(heldFor(image, told(opened, "asked"), moment)).toBeUndefined();
      expect(heldFor(image, told(opened, "due"), moment)).toBeUndefined();
      expect(heldFor(image, exempted, moment)).toBeUndefined();
      expect(heldFor(image, decideStateAlerts({ ...image, state: failed }), moment)).toBeUndefined();
      expect(heldFor(image, [], moment)).toBeUndefined();
    }
  });
});

describe("an image that no index lists", () => {
  it("waits for one when it has no tag and was pushed in the last ten seconds", () => {
    expect(heldFor(aRecord(), told(opened, "pushed"), moment)).toEqual({ kind: "forItself" });
    expect(heldFor(aRecord(), told(opened, "pushed"), tenSeconds)).toBeUndefined();
  });

  it("is told at once when it has a tag", () => {
    expect(heldFor(aRecord({ tags: [parseTag("1.0")] }), told(opened, "pushed"), moment)).toBeUndefined();
  });

  it("was pushed when that became known, where the event came late or the push is not known", () => {
    const late = aRecord({ lastPushedAt: after(-60_000) });
    const again = aRecord({ firstSeenAt: after(-60_000) });
    const unknown = aRecord({ lastPushedAt: undefined });

    for (const record of [late, again, unknown])
      expect(heldFor(record, told(opened, "pushed"), moment)).toEqual({ kind: "forItself" });
  });
});

describe("an entry that an image holds for itself", () => {
  const entry: AlertEntry = { ...anAlertEntry({ createdAt: pushedAt }), held: { kind: "forItself" } };

  it("waits for ten seconds", () => {
    expect(afterWaiting(entry, aRecord(), moment)).toBe(entry);
    expect(waitsUntil(entry)).toEqual(tenSeconds);
    expect(afterWaiting(entry, aRecord(), waitsUntil(entry))).toEqual({ ...entry, held: undefined });
  });

  it("is let go by a tag", () => {
    expect(afterWaiting(entry, aRecord({ tags: [parseTag("1.0")] }), pushedAt)).toEqual({ ...entry, held: undefined });
  });

  it("waits with the others of the index that lists the image by now, whatever else is so", () => {
    const listed = aRecord({ tags: [parseTag("1.0")], indexes: [aDigest("an index")] });

    const held = afterWaiting(entry, listed, tenSeconds);

    expect(held).toEqual({ ...entry, held: { kind: "forIndex", index: aDigest("an index") } });
    expect(afterWaiting(held, aRecord(), tenSeconds)).toBe(held);
  });
});

function aRecord(changes: Partial<ImageRecord> = {}): ImageRecord {
  return anImageRecord({ tags: [], indexes: [], firstSeenAt: pushedAt, lastPushedAt: pushedAt, ...changes });
}

function told(changes: readonly FindingChange[], reason: ScanSummary["reason"]) {
  return decideScanAlerts(anImageRecord(), aScanSummary({ reason }), changes, pushedAt);
}

function after(ms: number): Date {
  return new Date(pushedAt.getTime() + ms);
}
