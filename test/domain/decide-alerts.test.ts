import { describe, expect, it } from "vitest";
import type { FindingsChanged } from "../../shared/domain/alert.ts";
import { decideExemptionAlerts, decideScanAlerts, decideStateAlerts } from "../../shared/domain/decide-alerts.ts";
import type { ChangeKind, FindingChange } from "../../shared/domain/finding-changes.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import type { ImageState, ScanSummary } from "../../shared/domain/image-record.ts";
import { scanReasons } from "../../shared/domain/scan-request.ts";
import { aDigest, aFinding, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";

const record = anImageRecord();
const scan = aScanSummary();
const requestedAt = new Date("2026-03-02T09:59:00Z");

describe("what is told after a scan", () => {
  it("is one message that holds every change and what it means", () => {
    const changes = [
      changed("opened", { vulnerabilityId: "CVE-1", severity: "high", fixedVersion: undefined }),
      changed("opened", { vulnerabilityId: "CVE-2", severity: "low", fixedVersion: "2" }),
      changed("resolved", { vulnerabilityId: "CVE-3", severity: "medium" }),
    ];

    const alerts = decideScanAlerts(record, scan, changes, requestedAt);

    expect(alerts).toMatchObject([
      {
        kind: "findings.changed",
        part: 1,
        parts: 1,
        occurredAt: scan.scannedAt,
        image: record.image,
        tags: record.tags,
        platform: record.platform,
        changes: { opened: 2, resolved: 1 },
        counts: scan.counts,
        highestSeverity: "high",
        fixAvailable: true,
        findings: [
          { change: "opened", vulnerabilityId: "CVE-1" },
          { change: "opened", vulnerabilityId: "CVE-2" },
          { change: "resolved", vulnerabilityId: "CVE-3" },
        ],
      },
    ]);
  });

  it("leaves out texts that are for pages", () => {
    const [alert] = tell([changed("opened")]);

    const written = JSON.stringify(alert?.findings);

    expect(written).toContain('"change":"opened"');
    expect(written).not.toMatch(/"(?:description|references)"/);
  });

  it("has the severity of what is resolved, so that whoever was told of a critical flaw hears that it is gone", () => {
    const [alert] = tell([changed("resolved", { severity: "critical" })]);

    expect(alert?.highestSeverity).toBe("critical");
  });

  it("offers no fix when only what is resolved had one", () => {
    const [alert] = tell([
      changed("resolved"),
      changed("opened", { vulnerabilityId: "CVE-2", fixedVersion: undefined }),
    ]);

    expect(alert?.fixAvailable).toBe(false);
  });

  it.each([
    [false, { family: "debian", name: "12.5", endOfLife: false }],
    [true, { family: "alpine", name: "3.12.12", endOfLife: true }],
    [false, undefined],
  ])("says whether the operating system is out of support: %s", (endOfLife, operatingSystem) => {
    const [alert] = decideScanAlerts(record, { ...scan, operatingSystem }, [changed("opened")], requestedAt);

    expect(alert).toMatchObject({ scan: { endOfLife } });
  });

  it.each(scanReasons.filter((reason) => reason !== "due" && reason !== "discovered"))(
    "is that the scan is done when it was %s and nothing is new",
    (reason) => {
      const alerts = decideScanAlerts(record, { ...scan, reason }, [], requestedAt);

      expect(alerts).toMatchObject([{ kind: "scan.completed", counts: scan.counts, scan: { reason } }]);
    },
  );

  it("is nothing at the first look at an image that was there before us, and what is new from then on", () => {
    const discovered = { ...scan, reason: "discovered" } as const;

    expect(decideScanAlerts(record, discovered, [changed("opened")], requestedAt)).toEqual([]);
    expect(decideScanAlerts(record, discovered, [changed("opened")], requestedAt, scan)).toHaveLength(1);
  });

  it("has another id when the same scan follows other findings, as when a database was taken back", () => {
    const after = (before: ScanSummary) => decideScanAlerts(record, scan, [changed("opened")], requestedAt, before)[0];

    expect(after({ ...scan, findings: "first" })?.id).not.toBe(after({ ...scan, findings: "second" })?.id);
  });

  it("has the severity from which a finding was lowered, for whoever was told of the higher one", () => {
    const [alert] = tell([{ ...changed("severityLowered", { severity: "low" }), previousSeverity: "critical" }]);

    expect(alert).toMatchObject({ highestSeverity: "critical", findings: [{ previousSeverity: "critical" }] });
  });

  it("is nothing when a rescan was due and found nothing new", () => {
    expect(decideScanAlerts(record, { ...scan, reason: "due" }, [], requestedAt)).toEqual([]);
  });

  it("has the same id when it is decided again, and another for another scan, image or question", () => {
    const other = anImage({ repository: "team/api" });
    const idOf = (...parts: Parameters<typeof decideScanAlerts>) => decideScanAlerts(...parts).map(({ id }) => id);
    const all = [
      ...idOf(record, scan, [changed("opened")], requestedAt),
      ...idOf(record, { ...scan, id: "another" }, [changed("opened")], requestedAt),
      ...idOf(anImageRecord({ image: other }), scan, [changed("opened")], requestedAt),
      ...idOf(record, scan, [], requestedAt),
      ...idOf(record, scan, [], new Date(0)),
    ];

    expect(new Set(all).size).toBe(5);
    expect(idOf(record, scan, [changed("opened")], new Date(0))).toEqual(all.slice(0, 1));
  });
});

describe("what exemptions leave to tell", () => {
  const exemption = { id: "openssl-in-base", since: requestedAt };
  const hidden = (
    ["opened", "fixAvailable", "severityRaised", "severityLowered", "resolved", "retracted"] as const
  ).map((kind) => ({ ...changed(kind), exemption }));

  it("is that a finding became exempted or no longer is, and by what", () => {
    const changes = [
      { ...changed("exempted", { severity: "critical" }), exemption },
      { ...changed("exemptionEnded", { severity: "low", fixedVersion: undefined }), exemption },
    ];

    expect(tell(changes)).toMatchObject([
      {
        changes: { exempted: 1, exemptionEnded: 1 },
        findings: [{ exemption: exemption.id }, { exemption: exemption.id }],
      },
    ]);
  });

  it("is no other change of an exempted finding", () => {
    const [alert] = tell([...hidden, changed("reopened")]);

    expect(alert).toMatchObject({ changes: { reopened: 1 }, findings: [{ change: "reopened" }] });
  });

  it("is that the scan is done when all that changed is exempted, and nothing when it was due", () => {
    const tellAfter = (reason: "pushed" | "due") => decideScanAlerts(record, { ...scan, reason }, hidden, requestedAt);

    expect(tellAfter("pushed")).toMatchObject([{ kind: "scan.completed", exempted: scan.exempted }]);
    expect(tellAfter("due")).toEqual([]);
  });

  it("does not wake those up who asked for severe changes only", () => {
    const [alone] = tell([{ ...changed("exempted", { severity: "critical" }), exemption }]);
    const [mixed] = tell([{ ...changed("exempted", { severity: "critical" }), exemption }, changed("opened")]);

    expect(alone).toMatchObject({ highestSeverity: "unknown", fixAvailable: false });
    expect(mixed).toMatchObject({ highestSeverity: "high", fixAvailable: true });
  });

  it("names the newest scan when there was none for it, and has an id that follows from the history", () => {
    const changes = [{ ...changed("exempted"), exemption }];
    const at = new Date("2026-03-05T00:00:00Z");
    const decide = (id: string) => decideExemptionAlerts(record, { ...scan, exempted: 1 }, changes, { id, at });

    expect(decide("first")).toMatchObject([
      { cause: "exemptions", occurredAt: at, exempted: 1, scan: { id: scan.id, scannedAt: scan.scannedAt } },
    ]);
    expect(decide("first")).toEqual(decide("first"));
    expect(decide("first")[0]?.id).not.toBe(decide("second")[0]?.id);
    expect(decideExemptionAlerts(record, scan, [], { id: "first", at })).toEqual([]);
  });
});

describe("what is told of a state", () => {
  it.each([
    [
      { kind: "failed", since: requestedAt, failure: "timeout", attempts: 5, detail: "Too slow." },
      { kind: "scan.failed", failure: "timeout", attempts: 5, detail: "Too slow." },
    ],
    [
      { kind: "unscannable", since: requestedAt, reason: "windows", detail: "No advisories." },
      { kind: "image.unscannable", reason: "windows", detail: "No advisories." },
    ],
    [{ kind: "gone", since: requestedAt }, { kind: "image.gone" }],
  ] as const)("is the ending with what is known of it: $kind", (state, alert) => {
    expect(decideStateAlerts(anImageRecord({ state }))).toMatchObject([
      { ...alert, occurredAt: requestedAt, image: record.image, tags: record.tags, platform: record.platform },
    ]);
  });

  it.each<ImageState>([
    { kind: "waiting", since: requestedAt, reason: "pushed" },
    { kind: "scanning", since: requestedAt, reason: "due", lease: { holder: "a", message: "b", until: requestedAt } },
    { kind: "scanned", since: requestedAt },
    { kind: "expanded", since: requestedAt, manifests: [aDigest()] },
    { kind: "unscannable", since: requestedAt, reason: "not-an-image", detail: "signature" },
  ])("is nothing for $kind $reason", (state) => {
    expect(decideStateAlerts(anImageRecord({ state }))).toEqual([]);
  });

  it("is nothing when what is gone was no image", () => {
    const chart = { kind: "unscannable", since: requestedAt, reason: "not-an-image", detail: "chart" } as const;

    expect(decideStateAlerts(anImageRecord({ state: { kind: "gone", since: requestedAt } }), chart)).toEqual([]);
  });

  it("has an id that stays, but is another one the next time that it happens", () => {
    const goneAt = (since: Date) => decideStateAlerts(anImageRecord({ state: { kind: "gone", since } }))[0]?.id;

    expect(goneAt(requestedAt)).toBe(goneAt(new Date(requestedAt)));
    expect(goneAt(requestedAt)).not.toBe(goneAt(new Date(0)));
  });
});

function changed(kind: ChangeKind, finding: Partial<Finding> = {}): FindingChange {
  return { kind, finding: aFinding(finding) };
}

function tell(changes: readonly FindingChange[]): readonly FindingsChanged[] {
  return decideScanAlerts(record, scan, changes, requestedAt).filter((alert) => alert.kind === "findings.changed");
}
