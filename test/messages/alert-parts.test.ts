import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FindingsChanged } from "../../shared/domain/alert.ts";
import { decideScanAlerts } from "../../shared/domain/decide-alerts.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { maximumTags } from "../../shared/domain/image-record.ts";
import { parseTag } from "../../shared/domain/image-reference.ts";
import { formatAlertEvent } from "../../shared/messages/alert-event.ts";
import { parsePublishedAlert } from "../../shared/messages/published-alert.ts";
import { formatWebhookDelivery } from "../../shared/messages/webhook-delivery-message.ts";
import { aFinding, aFindingsChangedAlert, anImageRecord, aScanSummary } from "../support/samples.ts";

describe("a change of many findings", () => {
  it.each([
    ["5,000 as they usually are", 5000, "openssl: a handshake may read beyond its buffer", "usr/lib/libssl.so.3"],
    ["quotes and backslashes, which double inside a string", 500, '"\\'.repeat(500), '"'.repeat(2000)],
    ["control characters, which become six", 500, "\u0001".repeat(500), "\u0000".repeat(4000)],
    ["characters of four bytes", 500, "🔒".repeat(500), "鍵".repeat(4000)],
  ])("travels in messages that Service Bus takes: %s", (_, count, title, path) => {
    const alerts = tell(manyChanges(count, title, path));

    const events = alerts.map(formatAlertEvent);
    const deliveries = alerts.map((alert, index) =>
      formatWebhookDelivery({ subscriber: "s".repeat(64), alertId: alert.id, event: events[index] ?? "", attempt: 10 }),
    );
    expect(alerts.length).toBeGreaterThan(1);
    expect(Math.max(...events.map(bytes))).toBeLessThan(200_000);
    expect(Math.max(...deliveries.map(bytes))).toBeLessThan(256 * 1024);
  });

  it("is told whole, each finding once and in order, by parts that know each other", () => {
    const findings = manyChanges(5000, "a title", "a/path");

    const alerts = tell(findings);

    expect(alerts.flatMap((alert) => alert.findings.map(({ id }) => id))).toEqual(findings.map(({ id }) => id));
    expect(alerts.map(({ part }) => part)).toEqual(alerts.map((_, index) => index + 1));
    for (const alert of alerts)
      expect(alert).toMatchObject({ parts: alerts.length, changes: { opened: 5000 }, highestSeverity: "high" });
  });

  it("has a different id for each part, and the same ones when it is decided again", () => {
    const ids = () => tell(manyChanges(5000, "a title", "a/path")).map(({ id }) => id);

    expect(new Set(ids()).size).toBe(ids().length);
    expect(ids()).toEqual(ids());
  });

  it("fills its messages rather than sending many small ones", () => {
    const sizes = tell(manyChanges(5000, "a title", "a/path")).map((alert) => bytes(formatAlertEvent(alert)));

    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(100_000);
  });
});

it("a change of any size is told whole", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60_000 }), { minLength: 1, maxLength: 12 }), (lengths) => {
      const findings = lengths.map((length, index) =>
        aFinding({ vulnerabilityId: `CVE-2026-${index}`, title: "x".repeat(length) }),
      );

      const alerts = tell(findings);

      expect(alerts.flatMap((alert) => alert.findings.map(({ id }) => id))).toEqual(findings.map(({ id }) => id));
      expect(alerts.every((alert) => alert.findings.length > 0 && bytes(formatAlertEvent(alert)) < 200_000)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it("an event that came over the topic as JSON goes on byte for byte", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-composite" }),
      fc.double({ min: 0, max: 10, noNaN: true }),
      (title, score) => {
        const finding = { ...aFinding(), description: undefined, references: undefined, change: "opened" as const };
        const changed = { ...finding, title, cvss: { source: "nvd", score } };
        const event = formatAlertEvent(aFindingsChangedAlert({ findings: [changed] }));

        expect(parsePublishedAlert(JSON.parse(event)).event).toBe(event);
      },
    ),
  );
});

function tell(findings: readonly Finding[]): readonly FindingsChanged[] {
  const tags = Array.from({ length: maximumTags }, (_, index) => parseTag(`${index}`.padStart(128, "t")));
  return decideScanAlerts(
    anImageRecord({ tags }),
    aScanSummary(),
    findings.map((finding) => ({ kind: "opened", finding })),
    new Date("2026-03-02T09:59:00Z"),
  ).filter((alert) => alert.kind === "findings.changed");
}

function manyChanges(count: number, title: string, path: string): readonly Finding[] {
  return Array.from({ length: count }, (_, index) =>
    aFinding({
      vulnerabilityId: `CVE-2026-${index}`,
      title,
      package: { name: `package-${index}`, installedVersion: "1.0.0", type: "npm", path },
    }),
  );
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
