import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { alertKinds, type Alert, type ImageAlert } from "../../shared/domain/alert.ts";
import { collapseAlerts } from "../../shared/domain/collapse-alerts.ts";
import { decideExemptionAlerts, decideScanAlerts, decideStateAlerts } from "../../shared/domain/decide-alerts.ts";
import { changeKinds } from "../../shared/domain/finding-changes.ts";
import { findingStatuses } from "../../shared/domain/finding.ts";
import type { ImageState } from "../../shared/domain/image-record.ts";
import { maximumWorst, type GeneralAlert } from "../../shared/domain/general-alert.ts";
import { parseTag } from "../../shared/domain/image-reference.ts";
import { countSeverities, severities } from "../../shared/domain/severity.ts";
import { addImage, noImages } from "../../shared/domain/summarise-images.ts";
import { alertEventType, alertProperties, formatAlertEvent } from "../../shared/messages/alert-event.ts";
import { alertEventJsonSchema, alertEventSchema } from "../../shared/messages/alert-schema.ts";
import {
  aDatabase,
  aDigest,
  aFinding,
  aFindingsChangedAlert,
  anImage,
  anImageRecord,
  aScanSummary,
} from "../support/samples.ts";
import { problemsOf } from "./event-validation.ts";

describe("an alert as an event", () => {
  it.each(everyAlert())("is what its JSON Schema says: $kind, $detail", (alert) => {
    expect(problemsOf(alert.kind, JSON.parse(formatAlertEvent(alert)))).toEqual([]);
  });

  it.each(everyAlert())("holds nothing that its schema does not name: $kind, $detail", (alert) => {
    const event: unknown = JSON.parse(formatAlertEvent(alert));

    // A schema of zod leaves out what it does not name.
    expect(alertEventSchema(alert.kind).parse(event)).toEqual(event);
  });

  it("has the same bytes whenever it is written", () => {
    expect(everyAlert().map(formatAlertEvent)).toEqual(everyAlert().map(formatAlertEvent));
  });

  it("says of which image it is, exactly", () => {
    const image = anImage({ registry: "localhost:5000" });

    expect(JSON.parse(formatAlertEvent(aFindingsChangedAlert({ image })))).toMatchObject({
      specversion: "1.0",
      id: aFindingsChangedAlert().id,
      type: "dev.tidewatch.findings.changed",
      source: "/registries/localhost:5000",
      subject: `team/web@${image.digest}`,
      time: "2026-03-02T10:00:05.000Z",
      data: { image: { reference: `localhost:5000/team/web@${image.digest}` }, platform: "linux/amd64" },
    });
  });

  it.each([
    ["another type", { type: "dev.tidewatch.image.gone" }],
    ["no id", { id: undefined }],
    ["an instant that is none", { time: "yesterday" }],
    ["no data", { data: undefined }],
  ])("would not pass its JSON Schema with %s", (_, change) => {
    const event: unknown = JSON.parse(formatAlertEvent(aFindingsChangedAlert()));

    const changed: unknown = JSON.parse(JSON.stringify(Object.assign({}, event, change)));

    expect(problemsOf("findings.changed", changed)).not.toEqual([]);
  });

  it("may hold what its JSON Schema does not name yet", () => {
    const event: unknown = JSON.parse(formatAlertEvent(aFindingsChangedAlert()));

    expect(problemsOf("findings.changed", Object.assign({}, event, { traceparent: "00-…" }))).toEqual([]);
  });
});

describe("what subscriptions filter on", () => {
  it("is the kind, the registry and the repository of every alert about an image", () => {
    for (const alert of everyAlert().filter((each) => "image" in each))
      expect(alertProperties(alert)).toMatchObject({
        kind: alert.kind,
        registry: "shop.azurecr.io",
        repository: "team/web",
      });
  });

  it.each(severities.map((severity, rank) => [severity, rank] as const))(
    "is the severity of changed findings by name and number: %s is %i",
    (highestSeverity, severityRank) => {
      expect(alertProperties(aFindingsChangedAlert({ highestSeverity, fixAvailable: false }))).toEqual({
        kind: "findings.changed",
        registry: "shop.azurecr.io",
        repository: "team/web",
        highestSeverity,
        severityRank,
        fixAvailable: false,
      });
    },
  );
});

describe("of an alert that is about no image", () => {
  const general = generalAlerts();

  it.each([
    ["exemption.ending", { kind: "exemption.ending" }],
    ["database.stale", { kind: "database.stale" }],
    ["coverage.gap", { kind: "coverage.gap", registry: "shop.azurecr.io" }],
    ["digest", { kind: "digest" }],
  ] as const)("is what there is: %s", (kind, properties) => {
    expect(general.filter((alert) => alert.kind === kind).map(alertProperties)).toContainEqual(properties);
  });

  it.each([
    ["exemption.ending", "/tidewatch", "openssl-in-base"],
    ["database.stale", "/tidewatch", aDatabase.digest],
    ["coverage.gap", "/registries/shop.azurecr.io", "coverage"],
    ["digest", "/tidewatch", "week until 2026-03-02"],
  ])("the source and the subject say what it is about: %s", (kind, source, subject) => {
    const events = general
      .filter((alert) => alert.kind === kind)
      .map((alert): unknown => JSON.parse(formatAlertEvent(alert)));

    expect(events[0]).toMatchObject({ source, subject });
  });
});

it("a digest is far below 200 KB, however long the names", () => {
  const [digest] = generalAlerts().filter((alert) => alert.kind === "digest");
  const worst = Array.from({ length: maximumWorst }, () => ({
    image: anImage({ repository: "r".repeat(255) }),
    tags: Array.from({ length: 3 }, () => parseTag("t".repeat(128))),
    counts: countSeverities([]),
  }));

  const event = digest && formatAlertEvent({ ...digest, worst });

  expect(event?.length).toBeLessThan(50_000);
});

describe("docs/events", () => {
  it.each(alertKinds)(
    "has the JSON Schema of %s as it is now; if not, run node tools/write-event-schemas.ts",
    (kind) => {
      const file = resolve(import.meta.dirname, `../../docs/events/${kind}.schema.json`);

      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(alertEventJsonSchema(kind));
      expect(alertEventJsonSchema(kind)).toMatchObject({ title: alertEventType(kind) });
    },
  );
});

/** One of each kind at least, with all that is optional and without. */
function everyAlert(): readonly (Alert & { readonly detail?: string })[] {
  const since = new Date("2026-03-02T10:00:12.345Z");
  const scan = aScanSummary();
  const requestedAt = new Date("2026-03-02T09:59:00Z");
  const changes = changeKinds.flatMap((kind) =>
    findingStatuses.map((status) => ({ kind, finding: aFinding({ vulnerabilityId: `${kind} ${status}`, status }) })),
  );
  const bare = aFinding({
    severitySource: undefined,
    fixedVersion: undefined,
    cvss: undefined,
    title: undefined,
    primaryUrl: undefined,
    publishedAt: undefined,
    lastModifiedAt: undefined,
    layer: undefined,
    package: { name: "musl", installedVersion: "1.1.24-r10", type: "alpine" },
  });
  const unplaced = anImageRecord({ platform: undefined, tags: [] });
  const states: readonly ImageState[] = [
    ...(["timeout", "registry-refused", "digest-mismatch", "bad-report"] as const).map(
      (failure) => ({ kind: "failed", since, failure, attempts: 5, detail: failure }) as const,
    ),
    ...(["windows", "encrypted", "no-packages", "unsupported-distribution"] as const).map(
      (reason) => ({ kind: "unscannable", since, reason, detail: reason }) as const,
    ),
    { kind: "gone", since },
  ];
  const together = [
    anImageRecord(),
    anImageRecord({ image: anImage({ digest: aDigest("other") }), platform: undefined }),
  ];
  return [
    ...generalAlerts(),
    ...collapsed(together.map((record) => decideScanAlerts(record, scan, changes, requestedAt))),
    ...collapsed(together.map((record) => decideScanAlerts(record, scan, [], requestedAt))),
    ...decideExemptionAlerts(
      anImageRecord(),
      scan,
      [{ kind: "exempted", finding: aFinding(), exemption: { id: "openssl-in-base", since } }],
      { id: "entry", at: since },
    ),
    ...decideScanAlerts(anImageRecord(), scan, changes, requestedAt),
    ...decideScanAlerts(unplaced, scan, [{ kind: "opened", finding: bare }], requestedAt),
    ...decideScanAlerts(anImageRecord(), scan, [], requestedAt),
    ...states.flatMap((state) => decideStateAlerts(anImageRecord({ state }))),
    ...states.flatMap((state) => decideStateAlerts({ ...unplaced, state })),
  ];
}

function collapsed(platforms: readonly (readonly ImageAlert[])[]): readonly ImageAlert[] {
  const members = platforms.map((alerts, index) => ({
    id: `entry ${index}`,
    alerts: alerts.filter((alert) => alert.kind === "findings.changed" || alert.kind === "scan.completed"),
  }));
  return collapseAlerts(anImageRecord({ image: anImage({ digest: aDigest("an index") }) }), members);
}

/** One of each kind at least, with all that is optional and without. */
function generalAlerts(): readonly GeneralAlert[] {
  const about = { id: aFindingsChangedAlert().id, occurredAt: new Date("2026-03-02T06:00:00Z") };
  const exemption = { id: "openssl-in-base", owner: "base team", reason: "Not reachable.", until: new Date(0) };
  const listed = { listed: 5, read: 1, leftOut: 1, vanished: 1, unreadable: 2 };
  const period = { every: "week", from: new Date("2026-02-23T06:00:00Z"), until: about.occurredAt } as const;
  const { images, counts, exempted, ...rest } = addImage(noImages, anImageRecord(), period.from);
  const before = { at: period.from, images, counts, exempted };
  return [
    { ...about, kind: "exemption.ending", exemption: { ...exemption, source: "file", scope: { digest: aDigest() } } },
    {
      ...{ ...about, kind: "exemption.ending" },
      exemption: {
        ...exemption,
        source: "vex",
        createdAt: new Date(0),
        scope: { vulnerability: "CVE-1", package: "openssl", repository: "team/**", platform: "linux/arm64" },
      },
    },
    { ...about, kind: "database.stale", database: aDatabase, ageHours: 25, limitHours: 24 },
    {
      ...{ ...about, kind: "coverage.gap", registry: anImage().registry },
      ...{ discovered: 1, missing: 2, failed: 3, unreadable: 4, partial: true },
      report: {
        ...{ startedAt: period.from, finishedAt: period.until, repositories: listed, tags: listed, manifests: 4 },
        states: { scanned: 1, "failed.timeout": 3 },
      },
    },
    { ...about, kind: "digest", period, images, counts, exempted, ...rest },
    { ...about, kind: "digest", period, ...noImages, before },
  ];
}

it("every kind of alert is among those that are tried here", () => {
  const tried = new Set(everyAlert().map(({ kind }) => kind));

  expect([...tried].sort()).toEqual([...alertKinds].sort());
});
